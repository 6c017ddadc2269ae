#!/bin/sh
# Ask whether a submission's form is right: validate_submission.sh [FILE]
# It is told what is wrong, never how good a submission is.
file=${1:-${SUBMISSION_DIR:-/home/submission}/submission.csv}
url=${VALIDATION_URL:-http://localhost:5000}/validate

if [ ! -f "$file" ]; then
    echo "there is no file $file" >&2
    exit 1
fi
if command -v curl >/dev/null 2>&1; then
    exec curl --silent --show-error --form "file=@$file" "$url"
fi
exec python3 - "$file" "$url" <<'PYTHON'
import sys
import urllib.error
import urllib.request

path, url = sys.argv[1:]
line = "3b1f0c5e7a9d4f2c8e6a"
with open(path, "rb") as file:
    content = file.read()
head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="submission.csv"\r\n\r\n'
body = head.encode() + content + f"\r\n--{line}--\r\n".encode()
kind = {"Content-Type": f"multipart/form-data; boundary={line}"}
try:
    answer = urllib.request.urlopen(urllib.request.Request(url, body, kind))
except urllib.error.HTTPError as error:
    answer = error
print(answer.read().decode())
PYTHON
