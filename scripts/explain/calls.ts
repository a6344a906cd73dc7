// The margin call that stood.
import type { CallEvent, LiquidationStory } from "../../sdk/explain/stories.ts";
import { formatDuration, formatRatio, formatTime, formatUsd, wrap } from "./format.ts";

/** What happened to the call, one line for each event. */
export function callLines({ call }: LiquidationStory): readonly string[] {
  switch (call.type) {
    case "none":
      return ["  No margin call stood."];
    case "unknown":
      return [wrap(`The node did not give the history of the margin call: ${call.reason}`, "  ")];
    case "standing":
      return ["  Margin call:", ...call.events.map((event) => wrap(tell(event), "    "))];
  }
}

function tell(event: CallEvent): string {
  const when = `${formatTime(event.at)}, block ${event.block}:`;
  switch (event.type) {
    case "issued":
      return `${when} issued for ${formatUsd(event.amountValue)} at coverage ${formatRatio(event.coverageWad)}, to cure by ${formatTime(event.deadline)} (${formatDuration(event.deadline - event.at)})`;
    case "paused":
      return `${when} paused with ${formatDuration(event.leftFor)} left`;
    case "resumed":
      return `${when} resumed, to cure by ${formatTime(event.deadline)}`;
    case "expired":
      return `${when} found expired, uncured since ${formatTime(event.deadline)}`;
  }
}
