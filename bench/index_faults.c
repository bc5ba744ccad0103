/* Makes the N-th input or output operation below one folder fail; preloaded into a process that writes an index. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FD 4096
enum { OFF = 0, FULL = 1, BROKEN = 2, SHORT = 3 };

static char folder[1024];
static atomic_int count, target, mode, sticky;
static atomic_char watched[MAX_FD];

/* Arms the fault for this process: how = OFF counts only; with stay, all later operations fail too. */
void fault_arm(const char *below, int at, int how, int stay) {
    strncpy(folder, below, sizeof folder - 1);
    count = 0; target = at; mode = how; sticky = stay;
}
int fault_count(void) { return count; }

static int below(const char *path) { return folder[0] && path && strncmp(path, folder, strlen(folder)) == 0; }
static int known(int fd) { return fd >= 0 && fd < MAX_FD && watched[fd]; }

/* Returns whether this operation fails; sets errno. */
static int hit(void) {
    int now = atomic_fetch_add(&count, 1) + 1;
    if (mode == OFF || !(now == target || (sticky && now > target))) return 0;
    errno = mode == BROKEN ? EIO : ENOSPC;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int opened(int fd, const char *path) { if (fd >= 0 && fd < MAX_FD) watched[fd] = below(path); return fd; }
#define OPEN(name) \
int name(const char *path, int flags, ...) { \
    mode_t m = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list a; va_start(a, flags); m = va_arg(a, mode_t); va_end(a); } \
    if (below(path) && (flags & O_CREAT) && hit()) return -1; \
    return opened(REAL(name)(path, flags, m), path); \
}
OPEN(open)
OPEN(open64)
#define OPENAT(name) \
int name(int at, const char *path, int flags, ...) { \
    mode_t m = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list a; va_start(a, flags); m = va_arg(a, mode_t); va_end(a); } \
    if (below(path) && (flags & O_CREAT) && hit()) return -1; \
    return opened(REAL(name)(at, path, flags, m), path); \
}
OPENAT(openat)
OPENAT(openat64)
int close(int fd) { if (fd >= 0 && fd < MAX_FD) watched[fd] = 0; return REAL(close)(fd); }

#define PART(call_all, call_half) \
    if (known(fd) && size > 0) { \
        int was = mode; \
        if (hit()) { if (was != SHORT || size < 2) { if (was == SHORT) return call_all; return -1; } return call_half; } \
    } \
    return call_all;
ssize_t write(int fd, const void *data, size_t size) { PART(REAL(write)(fd, data, size), REAL(write)(fd, data, size / 2)) }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { PART(REAL(pwrite)(fd, data, size, at), REAL(pwrite)(fd, data, size / 2, at)) }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { PART(REAL(pwrite64)(fd, data, size, at), REAL(pwrite64)(fd, data, size / 2, at)) }
ssize_t writev(int fd, const struct iovec *parts, int n) { if (known(fd) && mode != SHORT && hit()) return -1; return REAL(writev)(fd, parts, n); }

#define FD(name) int name(int fd) { if (known(fd) && mode != SHORT && hit()) return -1; return REAL(name)(fd); }
FD(fsync)
FD(fdatasync)
int ftruncate(int fd, off_t size) { if (known(fd) && mode != SHORT && hit()) return -1; return REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { if (known(fd) && mode != SHORT && hit()) return -1; return REAL(ftruncate64)(fd, size); }

int rename(const char *a, const char *b) { if (below(b) && mode != SHORT && hit()) return -1; return REAL(rename)(a, b); }
int renameat(int x, const char *a, int y, const char *b) { if (below(b) && mode != SHORT && hit()) return -1; return REAL(renameat)(x, a, y, b); }
int renameat2(int x, const char *a, int y, const char *b, unsigned f) { if (below(b) && mode != SHORT && hit()) return -1; return REAL(renameat2)(x, a, y, b, f); }
int link(const char *a, const char *b) { if (below(b) && mode != SHORT && hit()) return -1; return REAL(link)(a, b); }
int linkat(int x, const char *a, int y, const char *b, int f) { if (below(b) && mode != SHORT && hit()) return -1; return REAL(linkat)(x, a, y, b, f); }
int mkdir(const char *a, mode_t m) { if (below(a) && mode != SHORT && hit()) return -1; return REAL(mkdir)(a, m); }
int unlink(const char *a) { if (below(a) && mode != SHORT && hit()) return -1; return REAL(unlink)(a); }
