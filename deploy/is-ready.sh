#!/bin/bash
# Whether the Hearth of this container can work: ends with success when `/readyz` answers 200. In bash alone,
# because the image has nothing else that speaks HTTP. The argument is the port, 8080 when there is none.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${1:-8080}"
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS= read -r -t 2 status <&3
[[ $status == 'HTTP/1.1 200 '* ]]
