# syntax=docker/dockerfile:1
# The two images that it is built with, by their full names: podman and buildah know no short ones.
ARG SWIFT_IMAGE=docker.io/library/swift:6.3-bookworm
ARG DEBIAN_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
WORKDIR /src
COPY Package.swift ./
COPY Sources ./Sources
RUN WITHOUT_TESTS=1 swift build -c release && strip -o /gpu-sessions .build/release/gpu-sessions && chmod 0555 /gpu-sessions

FROM ${DEBIAN_IMAGE} AS glibc
COPY packaging/image/rootfs.sh /rootfs.sh
RUN /rootfs.sh /rootfs

# glibc, the executable, and no shell: the driver's nvidia-smi is put in by the NVIDIA runtime or mounted.
FROM scratch
# `make image` gives both.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="gpu-sessions" \
      org.opencontainers.image.description="Who is on which GPU right now, for node_exporter's textfile collector" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=glibc /rootfs/ /
COPY --from=build /gpu-sessions /usr/bin/gpu-sessions
ENV PATH=/usr/local/nvidia/bin:/usr/bin
# The chart runs it as uid 0, which owns the files that it reads; by itself the image asks for nothing.
USER 65534:65534
ENTRYPOINT ["/usr/bin/gpu-sessions"]
CMD ["collect"]
