import { parseDecimal } from "./quantity.ts";
import type { ModelParameters } from "./schema.ts";

/** `PairModelConfig`; the depth becomes a value with 18 decimals. */
export function modelConfigOf({
  stressVariance,
  floorVariance,
  highestDepth,
  ...config
}: ModelParameters) {
  return {
    ...config,
    stressVarianceWad: stressVariance,
    floorVarianceWad: floorVariance,
    highestDepthValue: parseDecimal(highestDepth, 18),
  };
}
