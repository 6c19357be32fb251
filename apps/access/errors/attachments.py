"""What can be wrong with a file that goes with a request."""

from apps.policy.reason import declare

ATTACHMENT_EMPTY = declare(
    "ATTACHMENT_EMPTY", "«%(name)s» has no content.", "Choose the file again, and look whether it opens."
)
ATTACHMENT_TOO_LARGE = declare(
    "ATTACHMENT_TOO_LARGE",
    "«%(name)s» has %(size)s bytes; a file may have %(limit)s.",
    "Attach a smaller file, or say in the text where the large one lies.",
)
ATTACHMENT_TYPE = declare(
    "ATTACHMENT_TYPE_NOT_TAKEN",
    "What «%(name)s» holds is none of: %(known)s.",
    "Export it as PDF, or attach its text.",
)
ATTACHMENT_NAME = declare(
    "ATTACHMENT_NAME_DISAGREES",
    "«%(name)s» holds %(found)s, and its name ends otherwise.",
    "Give it a name that ends in %(endings)s.",
)
ATTACHMENT_NAME_PATH = declare(
    "ATTACHMENT_NAME_NOT_TAKEN",
    "«%(name)s» is no plain name of a file.",
    "Use a name of at most %(limit)s characters, without slashes and not beginning with a dot.",
)
ATTACHMENTS_MANY = declare(
    "ATTACHMENTS_MANY",
    "A request holds at most %(limit)s files, and this one holds as many.",
    "Remove one of them first.",
)
ATTACHMENT_NOT_BASE64 = declare(
    "ATTACHMENT_NOT_BASE64", "The content is not base64.", "Encode the bytes of the file as in RFC 4648, 4."
)
ATTACHMENTS_FULL = declare(
    "ATTACHMENTS_FULL",
    "The files that one person attaches have room for %(limit)s MB in all, and yours would take more.",
    "Remove files that are not needed from requests that were not sent, or say where the data lie.",
)
ATTACHMENT_REMOVED = declare(
    "ATTACHMENT_REMOVED", "The file was removed before.", "Look at the request again."
)
ATTACHMENT_GONE = declare(
    "ATTACHMENT_GONE",
    "The file is recorded, but its bytes are not where they were put.",
    "Ask an administrator to bring it back from the backup.",
)
