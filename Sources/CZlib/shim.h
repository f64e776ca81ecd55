#include <zlib.h>

// inflateInit2 is a macro, which Swift does not import. 15 + 16: a window of 32 KiB, a gzip header.
static inline int azu_inflate_init_gzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
