"""Every error that Huwen raises for a person to read, each with its exit code and HTTP status.

HuwenError
├── UsageError           2  400  the question or an argument cannot be used
├── ConfigError          2  500  the configuration cannot be used
├── NotFoundError        2  404  no article of that id
├── InputError           3  422  a file could not be read; a sync lists it and goes on
├── IndexStateError      4  503  an index that cannot be served
│   ├── IndexMissingError        there is none at that place
│   ├── IndexDamagedError        its files are not what the manifest says
│   ├── IndexMismatchError       built with another model, dimension or format
│   └── IndexBusyError           another process is writing
├── BackendError         5  502  a model or service behind Huwen failed
│   └── BackendTimeoutError  504 it did not answer before the deadline
└── HarnessError         5  500  the evaluation itself failed
    └── TooLittleDataError   6   not enough questions to judge
"""

from __future__ import annotations


class HuwenError(Exception):
    """The root: a message that names the thing, the value that was got, and the next step."""

    exit_code = 5
    http_status = 500


class UsageError(HuwenError):
    """The question or an argument cannot be used as it is."""

    exit_code = 2
    http_status = 400


class ConfigError(HuwenError):
    """The configuration cannot be used as it is."""

    exit_code = 2
    http_status = 500


class NotFoundError(HuwenError):
    """Nothing in the index has that id."""

    exit_code = 2
    http_status = 404


class InputError(HuwenError):
    """A file could not be read."""

    exit_code = 3
    http_status = 422


class IndexStateError(HuwenError):
    """The index cannot be used as it is."""

    exit_code = 4
    http_status = 503


class IndexMissingError(IndexStateError):
    """There is no index at that place."""


class IndexDamagedError(IndexStateError):
    """The index's files are not what its manifest says."""


class IndexMismatchError(IndexStateError):
    """The index was built with another model, dimension or format."""


class IndexBusyError(IndexStateError):
    """Another process is writing to the index."""


class BackendError(HuwenError):
    """A model or service behind Huwen failed."""

    exit_code = 5
    http_status = 502


class BackendTimeoutError(BackendError):
    """A model or service behind Huwen did not answer before the deadline."""

    http_status = 504


class HarnessError(HuwenError):
    """The evaluation itself failed."""

    exit_code = 5
    http_status = 500


class TooLittleDataError(HarnessError):
    """There are not enough questions to judge by."""

    exit_code = 6
