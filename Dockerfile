# syntax=docker/dockerfile:1
# The program in an image of its own: `docker build -t hearth .`
# The first build takes some minutes; later ones what changed, because the caches below stay on the machine.

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
# Node.js runs wasm-opt; Debian's own is too old for it.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /hearth
# The toolchain that the project names, with the target of the web client: a layer that rarely changes.
COPY rust-toolchain.toml ./
RUN rustup toolchain install
COPY . .
# xtask knows which tools in which versions build the web client, and puts them into /root/.cache.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/root/.cache/hearth \
    --mount=type=cache,target=/hearth/target \
    cargo xtask build && cp target/release/hearth /usr/local/bin/hearth

FROM debian:bookworm-slim
# Certificates: for a database or a Redis whose TLS is checked against the authorities that everybody knows.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin hearth \
    # A named volume begins with the owner and the mode of the folder that it covers.
    && install --directory --owner=hearth --group=hearth --mode=0700 /data /media /secret
COPY --from=build /usr/local/bin/hearth /usr/local/bin/hearth
COPY --chmod=0755 deploy/is-ready.sh /usr/local/bin/hearth-is-ready
# By number, so that others see that it is not root.
USER 10001
WORKDIR /data
VOLUME /data
# Hearth has an OpenSSL of its own, which would look for certificates elsewhere.
ENV HEARTH_BIND=0.0.0.0:8080 HEARTH_DATA_DIR=/data SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["hearth-is-ready"]
ENTRYPOINT ["hearth"]
CMD ["serve"]
