"""Posters to print, one for each site of a programme, and how many people came by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballots_of
from civic.kernel.clock import JST
from civic.kernel.i18n import LANGUAGES, html_lang, localized, translate
from civic.kernel.settings import Settings
from civic.programmes.queries import programme_by_slug, sites_of
from civic.programmes.tables import Programme
from civic.residents.queries import arrivals
from civic.sites.tables import Site
from civic.web.qr import qr_svg
from civic.web.times import deadline

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PosterText:
    """What a poster says in one language; ``until`` is empty while no vote has a date."""

    html_lang: str
    heading: str
    what: str
    how_long: str
    until: str
    who: str


@dataclass(frozen=True)
class Poster:
    """One sheet: ``qr`` is an SVG of ``link``, which stands below it in letters."""

    site: str
    texts: tuple[PosterText, ...]
    qr: Markup
    link: str


@dataclass(frozen=True)
class Posters:
    """``/admin/programmes/{slug}/posters``; ``in_line``: the codes open the chat, else the public page."""

    title: str
    path: str
    in_line: bool
    posters: tuple[Poster, ...]


@dataclass(frozen=True)
class ArrivalLine:
    """How often the code of a site's poster was used: today, in the last seven days, ever."""

    site: str
    today: int
    week: int
    ever: int


async def posters_of(session: AsyncSession, slug: str, settings: Settings, lang: str, now: datetime) -> Posters:
    """The posters of a programme. NotFound without one."""
    season = await programme_by_slug(session, slug)
    ahead = [ballot.closes_at for ballot in await ballots_of(session, season.id or 0) if _is_ahead(ballot.state)]
    until = min((closes_at for closes_at in ahead if closes_at > now), default=None)
    return Posters(
        title=localized(season.title, lang),
        path=f"/admin/programmes/{season.slug}",
        in_line=bool(settings.line_basic_id),
        posters=tuple(
            _poster(site, until, settings, link_of(site, season, settings))
            for site in await sites_of(session, season.id or 0)
        ),
    )


async def arrival_lines(
    session: AsyncSession, sites: Sequence[Site], lang: str, now: datetime
) -> tuple[ArrivalLine, ...]:
    """How many people came by the posters of some sites; none of it says who."""
    counted = await arrivals(session, [site.slug for site in sites])
    today = now.astimezone(JST).date()
    return tuple(_arrived(localized(site.title, lang), counted.get(site.slug, ()), today) for site in sites)


def link_of(site: Site, season: Programme, settings: Settings) -> str:
    """Where a poster's code leads: the chat with the place's code written out, or without LINE the public page."""
    if not settings.line_basic_id:
        return f"{settings.base_url}/p/{season.slug}"
    return f"https://line.me/R/oaMessage/{quote(settings.line_basic_id)}/?{quote(f'場所 {site.slug}')}"


def _is_ahead(state: str) -> bool:
    return state in {"scheduled", "open"}


def _arrived(title: str, days: Sequence[tuple[date, int]], today: date) -> ArrivalLine:
    return ArrivalLine(
        site=title,
        today=sum(count for day, count in days if day == today),
        week=sum(count for day, count in days if today - WEEK < day),
        ever=sum(count for _, count in days),
    )


def _poster(site: Site, until: datetime | None, settings: Settings, link: str) -> Poster:
    return Poster(
        site=localized(site.title, "ja"),
        texts=tuple(_text(site, until, settings.organiser, lang) for lang in LANGUAGES),
        qr=qr_svg(link),
        link=link,
    )


def _text(site: Site, until: datetime | None, organiser: str, lang: str) -> PosterText:
    place = localized(site.title, lang)
    return PosterText(
        html_lang=html_lang(lang),
        heading=translate(lang, "「{place}」に、なにがあったらいいな？", place=place),
        what=translate(lang, "ここに実際につくる案を、みなさんの投票で選びます。"),
        how_long=translate(lang, "スマートフォンで 30秒。だれが何を選んだかは、公開されません。"),
        until=translate(lang, "締め切り：{when}", when=deadline(until, lang)) if until else "",
        who=translate(lang, "主催：{organiser}", organiser=organiser),
    )
