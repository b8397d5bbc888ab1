"""The shapes of tokens that programs hand out, private keys among them."""

from __future__ import annotations

from sessionctl.core.memory import remembered
from sessionctl.core.regex.lazy_pattern import late, ready
from sessionctl.core.scan.finding import PRIVATE_KEY, SHAPE, SecretPart

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence


_B64 = "[A-Za-z0-9_-]"
# What it is, the heads it may begin with, and a regular expression for what follows.
_KINDS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("an AWS access key", ("AKIA", "ASIA", "ABIA", "ACCA"), r"[A-Z2-7]{16}"),
    ("a GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[A-Za-z0-9]{36,255}"),
    ("a GitHub token", ("github_pat_",), r"[A-Za-z0-9_]{22,255}"),
    (
        "a GitLab token",
        ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "gloas-", "glimt-"),
        r"[A-Za-z0-9_.-]{20,300}",
    ),
    (
        "a Slack token",
        ("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe", "xapp-"),
        r"[A-Za-z0-9.-]{10,300}",
    ),
    ("a Stripe key", ("sk_live_", "sk_test_", "rk_live_", "rk_test_"), r"[A-Za-z0-9]{16,255}"),
    ("a Stripe webhook secret", ("whsec_",), r"[A-Za-z0-9+/=]{24,255}"),
    ("a Google API key", ("AIza",), r"[A-Za-z0-9_-]{35}"),
    ("a Google token", ("ya29.",), r"[A-Za-z0-9_.-]{20,2048}"),
    ("a Google client secret", ("GOCSPX-",), r"[A-Za-z0-9_-]{20,60}"),
    ("an npm token", ("npm_",), r"[A-Za-z0-9]{36}"),
    ("a PyPI token", ("pypi-AgE", "pypi-AgN"), r"[A-Za-z0-9_-]{50,2048}"),
    ("a crates.io token", ("cio",), r"[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("a RubyGems key", ("rubygems_",), r"[0-9a-f]{48}"),
    ("an Anthropic key", ("sk-ant-",), r"[A-Za-z0-9_-]{32,255}"),
    (
        "an OpenAI key",
        ("sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-"),
        r"[A-Za-z0-9_-]{32,255}",
    ),
    ("an API key", ("sk-",), r"[A-Za-z0-9]{32,64}"),
    ("a Hugging Face token", ("hf_",), r"[A-Za-z0-9]{30,64}"),
    ("a Groq key", ("gsk_",), r"[A-Za-z0-9]{40,64}"),
    ("an xAI key", ("xai-",), r"[A-Za-z0-9]{60,100}"),
    ("a Replicate token", ("r8_",), r"[A-Za-z0-9]{37}"),
    ("a SendGrid key", ("SG.",), r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    ("a Twilio key", ("SK",), r"[0-9a-f]{32}(?![0-9A-Za-z])"),
    ("a Mailgun key", ("key-",), r"[0-9a-f]{32}(?![0-9A-Za-z])"),
    ("a DigitalOcean token", ("dop_v1_", "doo_v1_", "dor_v1_"), r"[0-9a-f]{64}"),
    ("a Shopify token", ("shpat_", "shpca_", "shppa_", "shpss_"), r"[0-9a-fA-F]{32}"),
    ("a Square token", ("sq0atp-", "sq0csp-"), r"[A-Za-z0-9_-]{22,80}(?![A-Za-z0-9+/=])"),
    ("a Vault token", ("hvs.", "hvb.", "hvr."), r"[A-Za-z0-9_-]{24,300}"),
    ("a Docker token", ("dckr_pat_", "dckr_oat_"), r"[A-Za-z0-9_-]{20,64}"),
    ("a Databricks token", ("dapi",), r"[0-9a-f]{32}"),
    ("a Linear key", ("lin_api_", "lin_oauth_"), r"[A-Za-z0-9]{32,64}"),
    ("a Grafana token", ("glsa_", "glc_"), r"[A-Za-z0-9_=+/]{32,400}"),
    ("a Doppler token", ("dp.pt.", "dp.st.", "dp.ct.", "dp.sa."), r"[A-Za-z0-9.]{40,64}"),
    ("a Tailscale key", ("tskey-",), r"[a-z]{3,10}-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{16,64}"),
    ("a New Relic key", ("NRAK-", "NRII-", "NRJS-"), r"[A-Za-z0-9_-]{19,40}"),
    ("a Notion token", ("ntn_",), r"[A-Za-z0-9]{40,64}"),
    ("a Notion token", ("secret_",), r"[A-Za-z0-9]{43}(?![A-Za-z0-9_])"),
    (
        "a PlanetScale secret",
        ("pscale_pw_", "pscale_tkn_", "pscale_oauth_"),
        r"[A-Za-z0-9_.=-]{32,64}",
    ),
    ("a Supabase token", ("sbp_",), r"[0-9a-f]{40}"),
    ("an Atlassian token", ("ATATT3", "ATCTT3", "ATBB"), r"[A-Za-z0-9_=-]{24,400}"),
    ("a Sentry token", ("sntrys_", "sntryu_"), r"[A-Za-z0-9_=+/-]{32,400}"),
    ("a Figma token", ("figd_",), r"[A-Za-z0-9_-]{32,64}"),
    ("a Postman key", ("PMAK-",), r"[0-9a-f]{24}-[0-9a-f]{34}"),
    ("a Netlify token", ("nfp_",), r"[A-Za-z0-9]{36,64}"),
    ("a Buildkite token", ("bkua_",), r"[0-9a-f]{40}"),
    ("a 1Password token", ("ops_eyJ",), r"[A-Za-z0-9_-]{100,4096}"),
    ("a Pulumi token", ("pul-",), r"[0-9a-f]{40}"),
    ("a Contentful token", ("CFPAT-",), r"[A-Za-z0-9_-]{40,64}"),
    ("a Facebook token", ("EAACEdEose0cBA",), r"[A-Za-z0-9]{20,400}"),
    ("a Fly.io token", ("fm2_",), r"[A-Za-z0-9_+/=,-]{40,4096}"),
    ("a JSON web token", ("eyJ",), rf"{_B64}{{10,512}}\.eyJ{_B64}{{8,8192}}\.{_B64}{{10,2048}}"),
    ("an age identity", ("AGE-SECRET-KEY-",), r"[0-9A-Z-]{40,4096}"),
)
HEADS = sorted((head for _, heads, _ in _KINDS for head in heads), key=len, reverse=True)
_OTHERS = (
    (":AA", "a Telegram token", r"(?<![0-9])[0-9]{8,10}:AA[A-Za-z0-9_-]{31,35}(?![A-Za-z0-9_-])"),
    (".atlasv1.", "a Terraform token", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80}"),
    ("-us", "a Mailchimp key", r"(?<![0-9a-f])[0-9a-f]{32}-us[0-9]{1,2}(?![0-9a-z])"),
    (
        "hooks.",
        "a webhook address",
        r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_+-]{20,200}",
    ),
    (
        "/webhooks/",
        "a webhook address",
        r"https://(?:\w{1,10}\.)?discord(?:app)?\.com/api/webhooks/[0-9]{15,25}/[\w-]{40,100}",
    ),
    (
        "-----BEGIN",
        PRIVATE_KEY,
        r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?=\s|\\[nr])"
        r"(?:[^-]|-(?!----END))*+(?:-----END [A-Z0-9 ]{0,40}-----)?",
    ),
    ("PuTTY-User-Key-File-", PRIVATE_KEY, r"PuTTY-User-Key-File-[0-9]: [\s\S]*\Z"),
)
MARKS = tuple(mark for mark, _, _ in _OTHERS)
"""What stands in every token that begins with none of ``HEADS``."""

# A token has this many characters at least, all of them of these.
_SHORTEST_RUN = 16
_RUN = late(r"[A-Za-z0-9_.-]{16,}")
_LARGE = 4096
_MADE_UP = late(r"(?:[xX]{5}|\*{4}|EXAMPLE|example|0{8}|\.\.\.)")


def token_parts(text: str) -> Iterator[SecretPart]:
    """Yield the parts of ``text`` that have the shape of a token or a private key."""
    heads: Sequence[str] = HEADS
    if len(text) >= _LARGE:  # in one go over all runs; mostly nothing is left to look for
        long = [word for word in text.split() if len(word) >= _SHORTEST_RUN]
        runs = "\n".join(_RUN.findall("\n".join(long)))
        heads = [head for head in HEADS if head in runs]
    for run in _RUN.finditer(text) if heads else ():
        word = run[0]
        if any(head in word for head in heads):
            yield from _in_run(text, *run.span())
    for mark, what, pattern in _OTHERS:
        if mark in text:
            for match in _compiled(pattern).finditer(text):
                if not _is_made_up(match[0][-40:]):
                    yield SecretPart(SHAPE, what, match.start(), match.end())


def _in_run(text: str, position: int, end: int) -> Iterator[SecretPart]:
    while (head := _heads().search(text, position, end)) is not None:
        position = head.end()
        what, body = _kind(head[0])
        match = body.match(text, head.end())
        if match is not None:
            position = max(position, match.end())
            if not _is_made_up(match[0]):
                yield SecretPart(SHAPE, what, head.start(), match.end())


def _is_made_up(body: str) -> bool:
    return len(set(body)) < 5 or _MADE_UP.search(body) is not None


@remembered()
def _heads() -> re.Pattern[str]:
    heads = "|".join(head.replace(".", r"\.") for head in HEADS)
    return ready(rf"(?<![A-Za-z0-9])(?:{heads})")


@remembered()
def _kind(head: str) -> tuple[str, re.Pattern[str]]:
    what, body = next((what, body) for what, heads, body in _KINDS if head in heads)
    return what, ready(body)


def ready_later() -> Iterator[re.Pattern[str]]:
    """Yield the expressions that are made when the first text needs them."""
    yield _heads()
    yield from (_kind(head)[1] for head in HEADS)
    yield from (_compiled(pattern) for _, _, pattern in _OTHERS)


@remembered()
def _compiled(pattern: str) -> re.Pattern[str]:
    return ready(pattern)
