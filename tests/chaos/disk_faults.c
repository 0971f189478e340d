/* Counts what a process does to files below one folder, and ends the process, or fills the disk, at the n-th step.
 *
 * Loaded with LD_PRELOAD, so it sees Python, SQLite, Arrow and ffmpeg alike; told what to do by faults_arm().
 * A step is a write, a sync, or a change of a name: the state of the disk between two steps is one a crash can leave.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, DIE, DIE_TORN, DIE_UNSYNCED, FULL, FULL_ONCE, READ_ONLY };
enum { CHANGES = 0, GROWS = 1 };
#define EXIT_CODE 86
#define MAX_FILES 4096

static char root[PATH_MAX];
static size_t root_length;
static int mode, trace = -1;
static long n_steps, fatal_step;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Files with bytes that no sync has brought to the disk, and renames that no sync of their folder has. */
static struct { dev_t device; ino_t inode; int descriptor; off_t synced; } files[MAX_FILES];
static struct { char from[PATH_MAX], to[PATH_MAX]; } *renames;
static int n_files, n_renames;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

void faults_arm(const char *folder, int new_mode, long step, int trace_descriptor) {
    snprintf(root, sizeof root, "%s/", folder);
    root_length = strlen(root);
    mode = new_mode, fatal_step = step, trace = trace_descriptor, n_steps = 0;
    renames = calloc(MAX_FILES, sizeof *renames);
}

long faults_steps(void) { return n_steps; }

static int below(const char *path) { return root_length && !strncmp(path, root, root_length); }

static int path_of(int descriptor, char *path) {
    char name[64];
    if (!root_length) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(name, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return below(path);
}

static int path_at(int folder, const char *name, char *path) {
    if (!root_length) return 0;
    if (name[0] == '/' || folder == AT_FDCWD) snprintf(path, PATH_MAX, "%s", name);
    else {
        char at[PATH_MAX];
        if (!path_of(folder, at) && strncmp(at, root, root_length - 1)) return 0;
        snprintf(path, PATH_MAX, "%s/%.1000s", at, name);
    }
    return below(path);
}

static void lose_unsynced(void) {
    for (int k = 0; k < n_files; k++) syscall(SYS_ftruncate, files[k].descriptor, files[k].synced);
    for (int k = n_renames; k-- > 0;) syscall(SYS_rename, renames[k].to, renames[k].from);
}

static void die(void) {
    if (mode == DIE_UNSYNCED) lose_unsynced();
    syscall(SYS_exit_group, EXIT_CODE);
}

/* Count a step; end here if it is the fatal one. Returns 0 to go on, 1 for a full disk, 2 to write one half and die. */
static int step(const char *what, const char *path, int grows, int torn) {
    char line[PATH_MAX + 64];
    pthread_mutex_lock(&lock);
    long now = ++n_steps;
    if (trace >= 0) {
        int length = snprintf(line, sizeof line, "%ld %s %s\n", now, what, path);
        syscall(SYS_write, trace, line, length);
    }
    int result = 0;
    if (fatal_step && (mode == DIE || mode == DIE_UNSYNCED || mode == DIE_TORN) && now == fatal_step) {
        if (mode == DIE_TORN && torn) result = 2;
        else die();
    }
    int lasting = mode == FULL || mode == READ_ONLY;
    if (fatal_step && grows && (lasting ? now >= fatal_step : mode == FULL_ONCE && now == fatal_step))
        result = 1;
    pthread_mutex_unlock(&lock);
    return result;
}

static int refusal(void) { return mode == READ_ONLY ? EROFS : ENOSPC; }

static int full(void) { errno = refusal(); return -1; }

static int known(const struct stat *at) {
    for (int k = 0; k < n_files; k++)
        if (files[k].device == at->st_dev && files[k].inode == at->st_ino) return k;
    return -1;
}

static void note_write(int descriptor) {
    struct stat at;
    char name[64];
    if (mode != DIE_UNSYNCED || fstat(descriptor, &at) || !S_ISREG(at.st_mode)) return;
    pthread_mutex_lock(&lock);
    if (known(&at) < 0 && n_files < MAX_FILES) {
        snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
        int again = (int)syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CLOEXEC, 0);
        if (again >= 0) {
            files[n_files].device = at.st_dev, files[n_files].inode = at.st_ino;
            files[n_files].descriptor = again, files[n_files].synced = at.st_size;
            n_files++;
        }
    }
    pthread_mutex_unlock(&lock);
}

static void note_sync(int descriptor, const char *path) {
    struct stat at;
    if (mode != DIE_UNSYNCED || fstat(descriptor, &at)) return;
    pthread_mutex_lock(&lock);
    if (S_ISDIR(at.st_mode)) {
        size_t length = strlen(path);
        int kept = 0;
        for (int k = 0; k < n_renames; k++)
            if (strncmp(renames[k].to, path, length) || strchr(renames[k].to + length + 1, '/'))
                renames[kept++] = renames[k];
        n_renames = kept;
    } else {
        int k = known(&at);
        if (k >= 0) {
            syscall(SYS_close, files[k].descriptor);
            files[k] = files[--n_files];
        }
    }
    pthread_mutex_unlock(&lock);
}

#define WRITES(name, signature, call, half)                              \
    ssize_t name signature {                                             \
        char path[PATH_MAX];                                             \
        if (path_of(fd, path)) {                                         \
            int fault = step(#name, path, GROWS, 1);                     \
            if (fault == 1) return full();                               \
            note_write(fd);                                              \
            if (fault == 2) { half; die(); }                             \
        }                                                                \
        return REAL(name) call;                                          \
    }
WRITES(write, (int fd, const void *data, size_t n), (fd, data, n), REAL(write)(fd, data, n / 2))
WRITES(pwrite, (int fd, const void *data, size_t n, off_t at), (fd, data, n, at), REAL(pwrite)(fd, data, n / 2, at))
WRITES(pwrite64, (int fd, const void *data, size_t n, off64_t at), (fd, data, n, at),
       REAL(pwrite64)(fd, data, n / 2, at))
WRITES(writev, (int fd, const struct iovec *data, int n), (fd, data, n), REAL(writev)(fd, data, n / 2))

#define TRUNCATES(name, offset)                                                                     \
    int name(int fd, offset n) {                                                                    \
        char path[PATH_MAX];                                                                        \
        struct stat at;                                                                             \
        if (path_of(fd, path)) {                                                                    \
            if (step(#name, path, !fstat(fd, &at) && n > at.st_size, 0)) return full();             \
            note_write(fd);                                                                         \
        }                                                                                           \
        return REAL(name)(fd, n);                                                                   \
    }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

#define RESERVES(name, offset)                                                            \
    int name(int fd, offset at, offset n) {                                               \
        char path[PATH_MAX];                                                              \
        if (path_of(fd, path) && step(#name, path, GROWS, 0)) return refusal();             \
        return REAL(name)(fd, at, n);                                                     \
    }
RESERVES(posix_fallocate, off_t)
RESERVES(posix_fallocate64, off64_t)

#define SYNCS(name)                                                              \
    int name(int fd) {                                                           \
        char path[PATH_MAX];                                                     \
        int ours = path_of(fd, path);                                            \
        if (ours) step(#name, path, CHANGES, 0);                                 \
        int result = REAL(name)(fd);                                             \
        if (ours) note_sync(fd, path);                                           \
        return result;                                                           \
    }
SYNCS(fsync)
SYNCS(fdatasync)

static int renamed(const char *from, const char *to, int result, int replaced) {
    if (!result && !replaced && mode == DIE_UNSYNCED && n_renames < MAX_FILES) {
        pthread_mutex_lock(&lock);
        snprintf(renames[n_renames].from, PATH_MAX, "%s", from);
        snprintf(renames[n_renames++].to, PATH_MAX, "%s", to);
        pthread_mutex_unlock(&lock);
    }
    return result;
}

int rename(const char *from, const char *to) {
    int ours = below(to), replaced = ours && !access(to, F_OK);
    if (ours) step("rename", to, CHANGES, 0);
    int result = REAL(rename)(from, to);
    return ours ? renamed(from, to, result, replaced) : result;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    char path[PATH_MAX], source[PATH_MAX];
    int ours = path_at(to_folder, to, path), replaced = ours && !access(path, F_OK);
    if (ours) step("rename", path, CHANGES, 0), path_at(from_folder, from, source);
    int result = REAL(renameat)(from_folder, from, to_folder, to);
    return ours ? renamed(source, path, result, replaced) : result;
}

int unlink(const char *name) {
    if (below(name) && !access(name, F_OK)) step("unlink", name, CHANGES, 0);
    return REAL(unlink)(name);
}

int unlinkat(int folder, const char *name, int flags) {
    char path[PATH_MAX];
    if (path_at(folder, name, path) && !access(path, F_OK)) step("unlink", path, CHANGES, 0);
    return REAL(unlinkat)(folder, name, flags);
}

int rmdir(const char *name) {
    if (below(name)) step("rmdir", name, CHANGES, 0);
    return REAL(rmdir)(name);
}

int mkdir(const char *name, mode_t rights) {
    if (below(name) && access(name, F_OK) && step("mkdir", name, GROWS, 0)) return full();
    return REAL(mkdir)(name, rights);
}

int mkdirat(int folder, const char *name, mode_t rights) {
    char path[PATH_MAX];
    if (path_at(folder, name, path) && access(path, F_OK) && step("mkdir", path, GROWS, 0)) return full();
    return REAL(mkdirat)(folder, name, rights);
}

static int opening(int folder, const char *name, int flags) {
    char path[PATH_MAX];
    struct stat at;
    if (!(flags & (O_CREAT | O_TRUNC)) || !path_at(folder, name, path)) return 0;
    int there = !stat(path, &at);
    if (!there && flags & O_CREAT) return step("create", path, GROWS, 0);
    return there && flags & O_TRUNC && at.st_size ? step("empty", path, CHANGES, 0) : 0;
}

#define OPENS(name, folder, signature, call)           \
    int name signature {                               \
        va_list rest;                                  \
        va_start(rest, flags);                         \
        mode_t rights = va_arg(rest, mode_t);          \
        va_end(rest);                                  \
        if (opening(folder, path, flags)) return full(); \
        return REAL(name) call;                        \
    }
OPENS(open, AT_FDCWD, (const char *path, int flags, ...), (path, flags, rights))
OPENS(open64, AT_FDCWD, (const char *path, int flags, ...), (path, flags, rights))
OPENS(openat, at, (int at, const char *path, int flags, ...), (at, path, flags, rights))
OPENS(openat64, at, (int at, const char *path, int flags, ...), (at, path, flags, rights))
