"""Finds the writer that the settings name."""

from pathlib import Path
from typing import TYPE_CHECKING

from studio.domain.errors import SettingError
from studio.domain.option_checks import BUILTIN_WRITER, writer_prices
from studio.domain.settings import Settings
from studio.domain.writing import WriterAnswer
from studio.engine.authoring import ChatModel, Writer
from studio.engine.ports import Compute

if TYPE_CHECKING:
    from studio.content.chat_endpoint import Address, Endpoint, Key, Patience


class Writers:
    """Keeps the engine's `Writers` protocol: one connection to each server, whichever projects write with it.

    Args:
        compute: Where texts are weighed, measured and trimmed.
        resources: Holds the writers' templates and prompts.
        key: Gives the API key for a writer's model; empty where there is none.
        patience: When to give up on a model; generous where None.
    """

    def __init__(self, compute: Compute, resources: Path, key: "Key", patience: "Patience | None" = None) -> None:
        self._compute = compute
        self._resources = resources
        self._key = key
        self._patience = patience
        self._endpoints: dict[str, Endpoint] = {}

    def writer(self, settings: Settings) -> Writer:
        """The writer that `settings` names, without asking anybody. Raises `SettingError` where it cannot be had."""
        if settings.writer == BUILTIN_WRITER:
            from studio.content.builtin_writer import BuiltinWriter

            return BuiltinWriter(self._compute, self._resources / "templates" / "show.md")
        from studio.content.model_writer import ModelWriter

        return ModelWriter(self._compute, self._resources / "prompts", _checked(settings).host)

    def model(self, settings: Settings) -> ChatModel | None:
        """The model that it asks; None for the built-in writer. Raises `SettingError` where it cannot be had."""
        if settings.writer == BUILTIN_WRITER:
            return None
        from studio.content.chat import ChatModel as Model
        from studio.content.chat_endpoint import Endpoint

        address = _checked(settings)
        endpoint = self._endpoints.get(address.url)
        if endpoint is None:
            endpoint = self._endpoints[address.url] = Endpoint(address, self._key, self._patience)
        return Model(endpoint, writer_prices(settings.writer_prices))

    async def test(self, settings: Settings, key: str = "", *, say_a_word: bool = False) -> WriterAnswer:
        """What the server says that `settings` name, asked now; with this key, kept nowhere, or the one in use.

        Raises `SettingError` for what is no address, `CallError` with the reason where it does not work.
        """
        if settings.writer == BUILTIN_WRITER:
            raise SettingError(
                "The built-in writer asks no model: there is nothing to test.",
                "Give the address of one as “Writer” first.",
            )
        from studio.content.chat_endpoint import Address, Endpoint, Patience
        from studio.content.chat_test import tested

        async def typed() -> str:
            return key

        hasty = Patience(connect_s=10.0, silence_s=60.0, total_s=60.0, read_s=20.0)  # somebody looks on
        endpoint = Endpoint(Address.parse(settings.writer), typed if key else self._key, self._patience or hasty)
        try:
            return await tested(endpoint, settings.writer_model.strip(), say_a_word=say_a_word)
        finally:
            await endpoint.close()

    async def close(self) -> None:
        """End every connection."""
        while self._endpoints:
            _, endpoint = self._endpoints.popitem()
            await endpoint.close()


def _checked(settings: Settings) -> "Address":
    """The writer's address, where it may be asked: what costs something has its price, and its model a name."""
    from studio.content.chat_endpoint import Address

    address = Address.parse(settings.writer)
    prices = writer_prices(settings.writer_prices)
    if not address.near and prices is None:
        raise SettingError(
            f"What the model at {address.host} costs is not known, and so no budget can be kept.",
            "Give the “Prices of the writer” in the settings, such as 0.15 / 0.60; 0 / 0 for one that costs nothing.",
        )
    if not address.near and not settings.writer_model.strip():
        raise SettingError(
            f"Which model at {address.host} is to write is not said.", "Give the “Model of the writer” in the settings."
        )
    return address
