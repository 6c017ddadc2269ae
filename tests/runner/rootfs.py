"""A container image without a registry: this machine's Python and a few tools, in one tar file."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

# fmt: off
TOOLS = (
    "sh", "bash", "cat", "chmod", "cp", "dd", "env", "grep", "head", "id", "kill", "ln", "ls",
    "mkdir", "mkfifo", "mknod", "mount", "mv", "rm", "sed", "sleep", "tail", "touch", "true",
)
# fmt: on
LEFT_OUT = {
    "config",
    "dist-packages",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "site-packages",
    "test",
    "tests",
    "tkinter",
    "turtledemo",
}  # fmt: skip
OPTIMISED = (".opt-1.pyc", ".opt-2.pyc")
PASSWD = "root:x:0:0:root:/root:/bin/sh\nagent:x:1000:1000:agent:/home:/bin/sh\n"


def image_name(packages: Path | None = None) -> str:
    """Return the image's name, which changes with all that goes into the image."""
    found = sorted(path.name for path in packages.iterdir()) if packages else []
    content = f"{Path(__file__).read_text()}{sys.version}{found}"
    return f"localhost/mlegrade-test:{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def write_rootfs(file: io.BufferedIOBase, packages: Path | None = None) -> None:
    """Write a tar file with a root file system; `packages` becomes its site-packages."""
    prefix = Path("usr/local")
    stdlib = Path(sysconfig.get_path("stdlib"))
    home = prefix / "lib" / stdlib.name
    python = Path(os.path.realpath(sys.executable))
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name in ("home", "tmp", "proc", "sys", "dev", "run", "etc", "root", "var/tmp"):
            _add_folder(tar, name, 0o1777 if name.endswith("tmp") else 0o755)
        for name in ("bin", "lib", "lib64", "sbin"):
            _add_link(tar, name, f"usr/{name}")
        _add_bytes(tar, "etc/passwd", PASSWD.encode())
        tar.add(python, prefix / "bin" / "python3")
        tar.add(stdlib, home, filter=_left_in)
        _add_bytes(tar, str(home / "site-packages" / "here.txt"), b"")
        if packages is not None:
            tar.add(packages, home / "site-packages")
        programs = [python, *(Path(found) for name in TOOLS if (found := shutil.which(name)))]
        for program in programs[1:]:
            tar.add(os.path.realpath(program), f"usr/bin/{program.name}")
        _add_privileged(tar, Path(os.path.realpath(programs[1 + TOOLS.index("id")])))
        binaries = [*programs, *stdlib.rglob("lib-dynload/*.so")]
        if packages is not None:
            binaries += packages.rglob("*.so*")
        # What packages bring along, they find where it is.
        found = {library for library in _libraries(binaries) if str(packages) not in library}
        for target, library in sorted({_home_of(library): library for library in found}.items()):
            tar.add(os.path.realpath(library), target)


def _left_in(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    # Compiled files stay: without them each start of Python compiles all that it imports.
    name = Path(member.name).name
    out = name in LEFT_OUT or name.startswith("config-") or name.endswith((".a", *OPTIMISED))
    return None if out else member


def _libraries(binaries: list[Path]) -> set[str]:
    done = subprocess.run(
        ["ldd", *binaries],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    words = (
        word for line in done.stdout.splitlines() if not line.endswith(":") for word in line.split()
    )
    return {word for word in words if word.startswith("/") and Path(word).is_file()}


def _home_of(library: str) -> str:
    """Libraries outside the system's folders go where the loader looks."""
    if library.startswith(("/lib", "/usr/lib")):
        return "usr/" + library.removeprefix("/usr/").lstrip("/")
    return f"usr/lib/{Path(library).name}"


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o644
    tar.addfile(member, io.BytesIO(content))


def _add_folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.type = tarfile.DIRTYPE
    member.mode = mode
    tar.addfile(member)


def _add_link(tar: tarfile.TarFile, name: str, target: str) -> None:
    member = tarfile.TarInfo(name)
    member.type = tarfile.SYMTYPE
    member.linkname = target
    tar.addfile(member)


def _add_privileged(tar: tarfile.TarFile, program: Path) -> None:
    """Add a program that is run with root's rights, where that is allowed."""
    content = program.read_bytes()
    member = tarfile.TarInfo("usr/bin/id-as-root")
    member.size = len(content)
    member.mode = 0o4755
    tar.addfile(member, io.BytesIO(content))


def import_image_of(python: str, engine: str, packages: Path) -> str:
    """Make the image of another interpreter; return its name."""
    command = [python, __file__, engine, str(packages)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def import_image(engine: str, packages: Path | None = None) -> str:
    """Make the image, unless the engine has it already; return its name."""
    name = image_name(packages)
    if subprocess.run(
        [engine, "image", "inspect", name], capture_output=True, check=False
    ).returncode:
        with tempfile.NamedTemporaryFile(suffix=".tar") as file:
            write_rootfs(file, packages)
            file.flush()
            variable = "ENV PATH=/usr/local/bin:/usr/bin"
            command = [engine, "import", "--change", variable, file.name, name]
            subprocess.run(command, capture_output=True, check=True)
    return name


if __name__ == "__main__":
    sys.stdout.write(import_image(sys.argv[1], Path(sys.argv[2])))
