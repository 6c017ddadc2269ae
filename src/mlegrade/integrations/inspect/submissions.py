"""A submission as it comes out of a sandbox: bytes, or the reason why there are none."""

from __future__ import annotations

from typing import Any

from inspect_ai.util import OutputLimitExceededError, override_sandbox_output_limit, sandbox

from mlegrade.errors import InvalidSubmissionError, SetupError

__all__ = ["read_submission"]

# A link is not followed and a pipe not waited for, be there a container around them or not.
_LOOK = """\
if [ -L "$1" ]; then echo symlink
elif [ -d "$1" ]; then echo folder
elif [ -f "$1" ]; then echo file
elif [ -e "$1" ]; then echo special
else echo nothing
fi"""
_PATIENCE = 60
_WRONG = {
    "symlink": ("symlink", "{} is a symbolic link; give the file itself."),
    "folder": ("not_a_file", "{} is a directory; give a CSV file."),
    "special": ("not_a_file", "{} is not a regular file; give a CSV file."),
    "nothing": ("not_found", "there is no file {}."),
}


async def read_submission(path: str, max_bytes: int) -> bytes | InvalidSubmissionError:
    """Read a submission from the sandbox of the sample that runs.

    Parameters
    ----------
    path : str
        Where it is, seen from the sandbox.
    max_bytes : int
        More than this is not read.

    Returns
    -------
    bytes or InvalidSubmissionError
        What to grade or to validate.

    Raises
    ------
    SetupError
        If the sandbox does not answer: nobody knows whether there is a submission.
    """
    there = await sandbox().exec(["sh", "-c", _LOOK, "sh", path], timeout=_PATIENCE)
    kind = there.stdout.strip()
    if kind in _WRONG:
        code, message = _WRONG[kind]
        return InvalidSubmissionError(code, message.format(path))
    if not there.success or kind != "file":
        raise SetupError(
            f"the sandbox does not say whether there is a file {path}: {there.stderr.strip()}",
            "It needs a shell (sh), and has to run until its sample is scored.",
        )
    try:
        with override_sandbox_output_limit(max_bytes, "read_file"):
            content: Any = await sandbox().read_file(path, text=False)
    except FileNotFoundError:  # somebody removed it just now
        return InvalidSubmissionError("not_found", f"there is no file {path}.")
    except OutputLimitExceededError:
        said = f"the file has more than the {max_bytes:,} bytes that a submission may have here."
        return InvalidSubmissionError("too_large", said)
    except PermissionError:
        said = f"{path} cannot be opened: permission denied. Give a regular, readable file."
        return InvalidSubmissionError("not_a_file", said)
    return bytes(content)
