"""The system calls that a submission may not make, as a seccomp filter.

A block-list, since TensorFlow needs most of the others. There are no sockets but
pairs of connected streams: no network, no host service, no way around Landlock.
"""

import errno
import functools
import tempfile

CLOSED = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp
    pidfd_open pidfd_getfd mount umount2 pivot_root chroot unshare setns move_mount
    open_tree open_tree_attr fsopen fsconfig fsmount fspick mount_setattr
    open_by_handle_at name_to_handle_at bpf perf_event_open userfaultfd
    io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key
    kexec_load kexec_file_load init_module finit_module delete_module swapon swapoff
    reboot acct quotactl quotactl_fd settimeofday clock_settime clock_adjtime
    adjtimex sethostname setdomainname syslog lookup_dcookie vhangup iopl ioperm
    modify_ldt personality memfd_create memfd_secret shmget shmat shmctl shmdt
    semget semop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink move_pages
    migrate_pages mbind set_mempolicy fanotify_init fanotify_mark setpriority
    sched_setscheduler sched_setparam sched_setattr ioprio_set vmsplice uselib
    nfsservctl socket
"""
# What Landlock does not watch: who owns a file, its times, who else reads it.
CLOSED_WITHOUT_NAMESPACES = """
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat
    utimensat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
    setxattrat removexattrat file_setattr inotify_init inotify_init1 inotify_add_watch
"""
# Calls younger than many a libseccomp; their numbers are the same everywhere.
YOUNG = {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466}
YOUNG |= {"open_tree_attr": 467, "file_setattr": 469}
NAMESPACES = 0x7E020080  # the CLONE_NEW* flags, time included
TIOCSTI, TIOCLINUX, STREAM = 0x5412, 0x541C, 1


@functools.cache
def program(namespaces=True):
    """Compiles the filter for this machine.

    Args:
        namespaces: Boolean, whether the files are private anyway (level A).

    Returns:
        Bytes, instructions for the kernel.

    Raises:
        ImportError: If pyseccomp or the library libseccomp is not installed.
    """
    import pyseccomp as seccomp

    denied = seccomp.ERRNO(errno.EPERM)
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    names = CLOSED + ("" if namespaces else CLOSED_WITHOUT_NAMESPACES)
    for name in names.split():
        _deny(seccomp, rules, denied, name)
    # glibc asks for clone3 first, whose flags a filter cannot see, and then clone.
    _deny(seccomp, rules, seccomp.ERRNO(errno.ENOSYS), "clone3")
    for bit in range(32):
        flag = 1 << bit
        if flag & NAMESPACES:
            _deny(seccomp, rules, denied, "clone", _masked(seccomp, 0, flag, flag))
    for request in (TIOCSTI, TIOCLINUX):
        _deny(seccomp, rules, denied, "ioctl", _masked(seccomp, 1, 0xFFFFFFFF, request))
    for kind in range(2, 16):
        _deny(seccomp, rules, denied, "socketpair", _masked(seccomp, 1, 0xF, kind))
    other = seccomp.Arg(0, seccomp.NE, 0)
    _deny(seccomp, rules, denied, "prlimit64", other)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _masked(seccomp, number, mask, value):
    return seccomp.Arg(number, seccomp.MASKED_EQ, mask, value)


def _deny(seccomp, rules, action, name, *conditions):
    try:
        number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    except ValueError:
        number = YOUNG.get(name, -1)  # the others are calls of other machines
    if number != -1:
        rules.add_rule(action, number, *conditions)
