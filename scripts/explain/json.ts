import type { LiquidationStory } from "../../sdk/explain/stories.ts";

/** The stories for machines: every amount a decimal string in its smallest unit; what is not known is left out. */
export function storiesToJson(stories: readonly LiquidationStory[]): string {
  const toText = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);
  return `${JSON.stringify({ stories }, toText, 2)}\n`;
}
