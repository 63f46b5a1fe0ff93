"""The service's desk for everything that costs nothing: models, voices, user, history, pronunciation dictionaries."""

import json
import re
import time
import uuid

from tests.fakes.account import Account
from tests.fakes.catalogue import FORMATS, MODELS, VOICES
from tests.fakes.ledger import Body, Charge
from tests.fakes.replies import RefusedError, Reply, ok

_HISTORY = "speech_history_read"
_ROUTES = (  # method, path, permission, name of the method that answers
    ("GET", r"/v1/models", "models_read", "models"),
    ("GET", r"/v1/voices", "voices_read", "voices"),
    ("GET", r"/v2/voices", "voices_read", "search_voices"),
    ("GET", r"/v1/voices/([^/]+)", "voices_read", "voice"),
    ("GET", r"/v1/user", "user_read", "user"),
    ("GET", r"/v1/user/subscription", "user_read", "subscription"),
    ("GET", r"/v1/history", _HISTORY, "history"),
    ("GET", r"/v1/history/([^/]+)", _HISTORY, "history_item"),
    ("POST", r"/v1/pronunciation-dictionaries/add-from-rules", "pronunciation_dictionaries_write", "add_dictionary"),
    ("GET", r"/v1/pronunciation-dictionaries/([^/]+)", "pronunciation_dictionaries_read", "dictionary"),
)


class Request:
    """What the desk's methods get: the part of the path that names something, the query, the body."""

    def __init__(self, named: str, query: dict[str, str], raw: bytes, base_url: str) -> None:
        self.named, self.query, self.raw, self.base_url = named, query, raw, base_url

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number of the query. Raises `RefusedError`."""
        value = self.query.get(name)
        if value is None:
            return default
        if not value.isdecimal():
            raise RefusedError(422, "invalid_parameters", f"{name} must be a whole number.", param=name)
        return int(value)


class Desk:
    """Answers what only reads, and keeps the dictionaries."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def reply(self, method: str, path: str, query: dict[str, str], key: str, raw: bytes, base_url: str) -> Reply:
        """The answer to a request. Raises `RefusedError`."""
        for wanted, pattern, permission, name in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == wanted:
                self._account.admit(key, permission)
                request = Request(match[1] if match.re.groups else "", query, raw, base_url)
                return ok(getattr(self, f"_{name}")(request))
        raise RefusedError(404, "not_found", "Not Found")

    def item(self, item_id: str) -> Charge:
        """A charge that the history shows now. Raises `RefusedError`."""
        self._check_history()
        for charge in self._account.ledger.shown():
            if charge.history_item_id == item_id:
                return charge
        raise RefusedError(404, "history_item_not_found", f"History item {item_id} was not found.")

    def _models(self, request: Request) -> list[Body]:
        return [model.listed() for model in MODELS.values()]

    def _voices(self, request: Request) -> Body:
        return {"voices": [card.listed(request.base_url) for card in VOICES.values()]}

    def _search_voices(self, request: Request) -> Body:
        wanted, query = request.query.get("search", "").casefold(), request.query
        cards = [
            card
            for card in VOICES.values()
            if wanted in card.name.casefold() and query.get("category", card.category) == card.category
        ]
        start, size = int(query.get("next_page_token", "0")), request.number("page_size", 10) or 10
        more = start + size < len(cards)
        return {
            "voices": [card.listed(request.base_url) for card in cards[start : start + size]],
            "has_more": more,
            "total_count": len(cards),
            "next_page_token": str(start + size) if more else None,
        }

    def _voice(self, request: Request) -> Body:
        if request.named not in VOICES:
            message = f"A voice with the voice_id {request.named} was not found."
            raise RefusedError(404, "voice_not_found", message, param="voice_id")
        return VOICES[request.named].listed(request.base_url)

    def _user(self, request: Request) -> Body:
        return {
            "user_id": "user0000000000000001",
            "workspace_id": "workspace00000000001",
            "subscription": self._account.subscription(),
            "is_new_user": False,
            "can_use_delayed_payment_methods": False,
            "is_onboarding_completed": True,
            "is_onboarding_checklist_completed": True,
            "first_name": "Robin",
            "is_api_key_hashed": False,
            "created_at": int(self._account.opened) - 86_400,
            "seat_type": "workspace_admin",
        }

    def _subscription(self, request: Request) -> Body:
        return {**self._account.subscription(), "next_invoice": None, "open_invoices": [], "has_open_invoices": False}

    def _history(self, request: Request) -> Body:
        self._check_history()
        query, size = request.query, request.number("page_size", 100) or 100
        if size > 1000:
            raise RefusedError(422, "invalid_parameters", "page_size can not exceed 1000.", param="page_size")
        if "model_id" in query and "source" not in query:
            raise RefusedError(422, "invalid_parameters", "model_id needs source.", param="source")
        rows = [charge for charge in self._account.ledger.shown() if self._wanted(charge, request)]
        if query.get("sort_direction") == "asc":
            rows.reverse()
        if after := query.get("start_after_history_item_id"):
            places = [place for place, charge in enumerate(rows) if charge.history_item_id == after]
            rows = rows[places[0] + 1 :] if places else []
        page = rows[:size]
        return {
            "history": [self._shown(charge) for charge in page],
            "last_history_item_id": page[-1].history_item_id if page else None,
            "has_more": len(rows) > size,
            "scanned_until": int(page[-1].time) if page else None,
        }

    def _wanted(self, charge: Charge, request: Request) -> bool:
        query, order = request.query, charge.order
        after, before = request.number("date_after_unix"), request.number("date_before_unix")
        return (
            query.get("voice_id", order.voice_id) == order.voice_id
            and query.get("model_id", order.model_id) == order.model_id
            and query.get("search", "").casefold() in order.text.casefold()
            and query.get("source", "TTS") == "TTS"
            and (after is None or int(charge.time) >= after)
            and (before is None or int(charge.time) < before)
        )

    def _history_item(self, request: Request) -> Body:
        return self._shown(self.item(request.named))

    def _shown(self, charge: Charge) -> Body:
        order, card = charge.order, VOICES[charge.order.voice_id]
        return {
            "history_item_id": charge.history_item_id,
            "request_id": charge.request_id,
            "voice_id": order.voice_id,
            "model_id": order.model_id,
            "voice_name": card.name,
            "voice_category": card.category,
            "text": order.text,
            "date_unix": int(charge.time),
            "character_count_change_from": charge.counted_from,
            "character_count_change_to": charge.counted_from + charge.credits,
            "content_type": FORMATS[order.output_format].content_type,
            "state": "created",
            "settings": order.settings,
            "share_link_id": None,
            "source": "TTS",
            "alignments": None,
            "output_format": order.output_format,
        }

    def _check_history(self) -> None:
        if not self._account.ledger.history.available:
            raise RefusedError(500, "internal_error", "Internal Server Error")

    def _add_dictionary(self, request: Request) -> Body:
        body = json.loads(request.raw)
        identifier, version = uuid.uuid4().hex[:20], uuid.uuid4().hex[:20]
        shared = {
            "id": identifier,
            "name": body["name"],
            "created_by": "user0000000000000001",
            "creation_time_unix": int(time.time()),
            "description": body.get("description"),
            "permission_on_resource": "admin",
        }
        rules = body["rules"]
        self._account.dictionaries[identifier] = {
            **shared,
            "latest_version_id": version,
            "latest_version_rules_num": len(rules),
            "archived_time_unix": None,
            "rules": rules,
        }
        return {**shared, "version_id": version, "version_rules_num": len(rules)}

    def _dictionary(self, request: Request) -> Body:
        found = self._account.dictionaries.get(request.named)
        if found is None:
            message = f"Pronunciation dictionary {request.named} was not found."
            raise RefusedError(404, "pronunciation_dictionary_not_found", message)
        return found
