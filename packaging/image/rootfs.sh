#!/bin/sh
# Makes the root of the image in DIRECTORY: glibc, because the nvidia-smi that the NVIDIA runtime puts in is linked to
# it, and nothing else. Run it on the Debian (amd64 or arm64) whose glibc is to be taken.
set -eu
root=${1:?usage: rootfs.sh DIRECTORY}

case "$(uname -m)" in
  x86_64) triplet=x86_64-linux-gnu loader=lib64/ld-linux-x86-64.so.2 ;;
  aarch64) triplet=aarch64-linux-gnu loader=lib/ld-linux-aarch64.so.1 ;;
  *) echo "rootfs.sh: no image for $(uname -m)" >&2; exit 1 ;;
esac

mkdir -p "$root/usr/bin" "$root/usr/lib/$triplet" "$root/usr/lib64" "$root/etc" \
  "$root/dev" "$root/proc" "$root/sys" "$root/run" "$root/tmp" "$root/host" "$root/textfile"
ln -s usr/bin "$root/bin"
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"

for library in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1; do
  cp -L "/lib/$triplet/$library" "$root/usr/lib/$triplet/$library"
done
cp -L "/$loader" "$root/usr/$loader"
# By this file libnvidia-container knows that libraries belong below usr/lib/<triplet>, where this loader looks.
cp -L /etc/debian_version "$root/etc/debian_version"
find "$root" -type f -exec chmod a-w {} +
