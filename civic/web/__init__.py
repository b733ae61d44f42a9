"""What all pages share: the reader's language, templates, headers, error pages, the check of forms."""

from civic.web.errors import Refusal
from civic.web.install import install
from civic.web.language import Reader, reader_of
from civic.web.responses import Pages
from civic.web.shared_reads import Shared

__all__ = ["Pages", "Reader", "Refusal", "Shared", "install", "reader_of"]
