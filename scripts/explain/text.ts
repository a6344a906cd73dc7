// The stories of a transaction as plain text: first a sentence, then why, the account before, what was done, who got what.
import type { LiquidationStory } from "../../sdk/explain/stories.ts";
import { accountTables } from "./account.ts";
import { formatDecimal, formatTime, formatUsd, wrap } from "./format.ts";
import { callLines } from "./calls.ts";
import { tellLiquidation } from "./liquidation.ts";
import { openingSentence } from "./opening.ts";
import { tellWriteOff } from "./writeOff.ts";

/** All stories of one transaction, at most 100 columns wide, without colours. */
export function renderStories(stories: readonly LiquidationStory[]): string {
  const [first] = stories;
  if (first === undefined) return "";
  const head = [
    `Transaction  ${first.transactionHash}`,
    `             block ${first.block} of chain ${first.chainId}, ${formatTime(first.at)}`,
    `Vault        ${first.vault}`,
  ].join("\n");
  const parts = stories.map((story, place) => {
    const title = story.type === "liquidation" ? "Liquidation" : "Write-off";
    const count = stories.length === 1 ? "" : ` (${place + 1} of ${stories.length})`;
    return `${title}${count}\n${"=".repeat(title.length + count.length)}\n\n${renderStory(story)}`;
  });
  return `${[head, ...parts].join("\n\n")}\n`;
}

function renderStory(story: LiquidationStory): string {
  const body = story.type === "liquidation" ? tellLiquidation(story) : tellWriteOff(story);
  const blocks = [
    wrap(openingSentence(story)),
    pictureNote(story),
    section("Who", [
      `Account      ${story.account}`,
      `Owner        ${story.owner}, tag ${story.tag}`,
      `Liquidator   ${story.liquidator}`,
      `Times so far ${story.liquidations}, this one included`,
    ]),
    section("Why", [...body.why, ...callLines(story)]),
    story.before === undefined ? "" : accountTables(story.before),
    ...body.done,
    section("Who got what", [...body.shares, ...gasLines(story)]),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

function section(title: string, lines: readonly string[]): string {
  return [title, "-".repeat(title.length), ...lines].join("\n");
}

/** how far to trust what is not in the event */
function pictureNote({ picture, block }: LiquidationStory): string {
  switch (picture.type) {
    case "exact":
      return "";
    case "approximate":
      return wrap(
        `The account is rebuilt from block ${block - 1}, but something else moved in between: what the event tells does not follow from it to the unit. Amounts, prices and coverage of the transaction are those of its event; values of the account before are near.`,
        "Note: ",
      );
    case "blockBefore":
      return wrap(
        `The account was touched ${picture.earlierEvents === 1 ? "once" : `${picture.earlierEvents} times`} earlier in block ${block}. The account before is that of block ${block - 1}, before all of it; amounts, prices and coverage of the transaction are those of its event. What was least possible is not told: it would be that of another account.`,
        "Note: ",
      );
    case "none":
      return wrap(
        `The node has no state of block ${block - 1}, so everything is from the transaction's own receipt. For the account before, the bonus and what was least possible, ask an archive node. It said: ${picture.reason}`,
        "Note: ",
      );
  }
}

function gasLines({ gas, totals, liquidator }: LiquidationStory): readonly string[] {
  const shared = gas.closings > 1 ? `, for ${gas.closings} accounts` : "";
  const payer = gas.payer === liquidator ? "" : `, paid by ${gas.payer}`;
  const cost = formatDecimal(gas.costWei, 18, 9).replace(/\.?0+$/, "");
  return [
    wrap(
      `Liquidator: ${formatUsd(totals.earnedValue)} before gas and slippage. Gas: ${gas.gasUsed.toLocaleString("en-US")} for ${cost} ETH${shared}${payer}.`,
      "  ",
    ),
  ];
}
