import type { HaircutStory } from "../../sdk/explainHaircut.ts";
import type { LiquidationStory } from "../../sdk/explain/stories.ts";

/** The stories for machines: every amount a decimal string in its smallest unit; what is not known is left out. */
export function storiesToJson(stories: readonly LiquidationStory[]): string {
  return toJson({ stories });
}

/** The story of a haircut for machines, exact to the unit. */
export function haircutToJson(haircut: HaircutStory): string {
  return toJson({ haircut });
}

function toJson(content: object): string {
  const toText = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);
  return `${JSON.stringify(content, toText, 2)}\n`;
}
