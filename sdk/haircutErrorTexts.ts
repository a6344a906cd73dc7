// What each custom error of measured haircuts means to a person; see errorTexts.ts.
import { type ErrorText, final, retryable } from "./errorText.ts";

/** Reading rounds, and haircuts from them. */
export const HAIRCUT_TEXTS: Readonly<Record<string, ErrorText>> = {
  AssetNotMeasured: final(
    "Nobody measures the variance of {asset}.",
    "Only measured assets are refreshed, and pairs need both of theirs.",
    "Have governance call `startMeasure` first.",
  ),
  NotFirstOfPhase: final(
    "Round {round} of the feed of {asset} is not the first to read: {earlierRound} is before it, or it is void.",
    "A later phase is entered at its first valid round after the last one read.",
    "Give the first round of the next phase whose time is later.",
  ),
  NothingToRefresh: retryable(
    "The feed of {asset} has no round after {round}.",
    "Each round is read once.",
    "Wait for its next round.",
  ),
  PairNotListed: final(
    "{asset} has no haircuts against pool {pool}.",
    "A pair is listed before it is measured.",
    "Call `setPair` first.",
  ),
  PairNotMeasured: final(
    "No pool of {obligation} has measured haircuts for {collateral}.",
    "Only measured pairs are refreshed.",
    "Have governance call `setPairModel` first.",
  ),
  PairOfSameAsset: final(
    "Both sides of the pair are {asset}.",
    "Collateral and obligation are different assets.",
    "Name two assets.",
  ),
  PhaseEnded: final(
    "The feed of {asset} went to another phase after round {round}; its latest is {latestRound}.",
    "A change of phase is made explicit.",
    "Call `enterPhase` with the first later round of the next phase.",
  ),
  PhaseNotEnded: final(
    "The feed of {asset} has round {nextRound} after {round}, in the same phase.",
    "A later phase is entered only when the present one has no more rounds.",
    "Refresh first.",
  ),
  RoundFromFuture: retryable(
    "Round {round} of the feed of {asset} is of {updatedAt}.",
    "It is now {nowAt}; a round is read when its time has come.",
    "Wait.",
  ),
  RoundNotMeasurable: final(
    "The latest round of the feed of {asset} is {round}, its answer {answer}.",
    "Its number must be above 0, its answer below 2^88, and the feed must know it by its number, and none after it.",
    "Use another feed.",
  ),
  RoundVoid: retryable(
    "Round {round} of the feed of {asset} is void: answer {answer}, time {updatedAt}.",
    "A void round is passed over once a valid one follows.",
    "Ask for more rounds, or wait for the next.",
  ),
  RoundsOutOfRange: final(
    "{found} rounds were asked for.",
    "A call reads up to {most}; `refresh` at least 1.",
    "Choose a number in this range.",
  ),
};
