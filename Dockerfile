# The companion command alone. GoReleaser builds it and lays it out by platform; the
# base has certificate authorities, a user without rights, and no shell.
FROM gcr.io/distroless/static-debian12:nonroot
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/appypie /usr/local/bin/appypie
ENTRYPOINT ["/usr/local/bin/appypie"]
