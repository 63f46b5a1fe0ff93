"""A model that speaks the OpenAI protocol, hosted or of this machine: what it costs, and its answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from studio.content.chat_endpoint import Endpoint
from studio.content.chat_errors import AnswerError, cut, stream_error, transport_error, unreadable
from studio.content.chat_stream import Answer, Body
from studio.domain.money import FREE, Price
from studio.domain.purchase import CallError, Trouble
from studio.domain.writing import Completion, Prompt, Tokens

if TYPE_CHECKING:
    import httpx

Prices = tuple[float, float]
"""Dollars for a million tokens, asked and answered: that is micro-dollars for one."""

# What a server puts around the messages, and before them: role marks, a date, a greeting of its own.
_TOKENS_A_MESSAGE: Final = 16
_TOKENS_A_REQUEST: Final = 256
_MICRO: Final = 1_000_000  # prices have six decimals at most
# An answer that goes beyond these has no end. Eight characters a token are twice what prose has.
_CHARACTERS_A_TOKEN: Final = 8
_CHARACTERS_MORE: Final = 4_000
_BYTES_A_TOKEN: Final = 4_000  # each may come in an event of its own
_BYTES_MORE: Final = 1_000_000
_END_S: Final = 0.5  # for the end of a body behind the last event


class ChatModel:
    """Keeps the engine's `ChatModel` protocol.

    Args:
        endpoint: Its server.
        prices: What its tokens cost; None where it costs nothing.
    """

    def __init__(self, endpoint: Endpoint, prices: Prices | None) -> None:
        self.seller = endpoint
        self._prices = prices

    @property
    def address(self) -> str:
        """Where it is; part of every key."""
        return self.seller.address.url

    def price(self, prompt: Prompt) -> Price:
        """Upper bound of what the answer costs.

        No tokenizer makes more tokens of a text than it has bytes in UTF-8; the answer has no more than were allowed.
        """
        return Price(0, self._micro(_most_asked(prompt), prompt.most_tokens)) if self._prices else FREE

    def micro(self, tokens: Tokens) -> int:
        """What so many tokens cost, in micro-dollars, rounded up."""
        return self._micro(tokens.asked, tokens.answered)

    def cost_micro(self, prompt: Prompt, completion: Completion) -> int:
        """What an answer cost, in micro-dollars; where the server does not say its tokens, an upper bound of them."""
        asked, answered = completion.prompt_tokens, completion.completion_tokens
        # What was only thought is paid too, and not in the text: the bound is what was allowed.
        return self._micro(
            _most_asked(prompt) if asked is None else asked, prompt.most_tokens if answered is None else answered
        )

    async def answer(self, prompt: Prompt, heard: Callable[[int], None]) -> Completion:
        """The whole answer, streamed; `heard` is told how many characters have come.

        Raises `CallError`. A request that was refused for a part of it that the server does not know is sent again
        without that part: refusals are free.
        """
        model = prompt.model.strip() or await self.seller.first_model()
        while True:
            body = self.seller.body(model, prompt)
            try:
                return await self._asked(model, body, prompt, heard)
            except AnswerError as error:
                self.seller.learn(model, error, body)
                if self.seller.body(model, prompt) == body:
                    raise

    async def _asked(
        self, model: str, body: dict[str, object], prompt: Prompt, heard: Callable[[int], None]
    ) -> Completion:
        import httpx

        host, key = self.seller.address.host, ""
        try:
            async with asyncio.timeout(self.seller.patience.total_s):
                async with self.seller.posted("/chat/completions", body) as (response, key):
                    answer = await self._read(response, prompt, heard)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            failure = transport_error(error, host, key)
        except UnicodeEncodeError:  # before anything left: half a surrogate pair
            failure = CallError(
                Trouble.REFUSED, "The question has characters that cannot be sent.", "Remove broken characters."
            )
        except ValueError:
            failure = unreadable(host)
        else:
            if answer.error is not None:
                raise stream_error(host, answer.error, key, begun=answer.begun)
            if answer.finish == "error":
                raise stream_error(host, "", key, begun=True)
            return _completion(answer, model)
        raise failure

    async def _read(self, response: "httpx.Response", prompt: Prompt, heard: Callable[[int], None]) -> Answer:
        """Until its end. Raises `CallError` for one without, and `ValueError` for what is no answer."""
        answer, body, host = Answer(), Body(), self.seller.address.host
        most_bytes = _BYTES_MORE + _BYTES_A_TOKEN * prompt.most_tokens
        most = _CHARACTERS_MORE + _CHARACTERS_A_TOKEN * prompt.most_tokens
        size = taken = 0
        parts = response.aiter_bytes()
        async for part in parts:
            size += len(part)
            for data in body.feed(part):
                answer.take(data)
                taken += 1
                if answer.done:
                    break
            heard(answer.length)
            if size > most_bytes or answer.length > most:
                raise cut(host, "wrote on without an end")
            if answer.done:
                await _rest(parts)
            if answer.done or answer.error is not None:
                return answer
        for data in body.end():
            answer.take(data)
            taken += 1
        if answer.error is None and not answer.whole:
            if not taken:  # a page of a gateway, or nothing at all
                raise unreadable(host)
            raise cut(host, "broke off its answer")
        return answer

    def _micro(self, asked: int, answered: int) -> int:
        """Rounded up."""
        if self._prices is None:
            return 0
        dear, dearer = (round(price * _MICRO) for price in self._prices)
        return -(-(asked * dear + answered * dearer) // _MICRO)


def _most_asked(prompt: Prompt) -> int:
    """No text has more tokens than it has bytes; what a server puts around it is reckoned in."""
    size = sum(len(text.encode("utf-8", "surrogatepass")) for _, text in prompt.messages)
    return size + _TOKENS_A_MESSAGE * len(prompt.messages) + _TOKENS_A_REQUEST


def _completion(answer: Answer, model: str) -> Completion:
    refusal = answer.refusal.strip()
    if answer.finish == "content_filter":
        refusal = refusal or "its filter stopped the answer"
    return Completion(
        text=answer.text,
        model=answer.model or model,
        prompt_tokens=answer.prompt_tokens,
        completion_tokens=answer.completion_tokens,
        cut=answer.cut,
        refusal=refusal,
    )


async def _rest(parts: AsyncIterator[bytes]) -> None:
    """The end of a body behind its last event: with it, the connection can be used again."""
    import httpx

    with suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(_END_S):
            async for _ in parts:
                pass
