import fc from "fast-check";
import * as healthMath from "../../sdk/healthMath.ts";
import { PRICE_VIEWS, type PriceView } from "../../sdk/snapshot.ts";
import { assets, bps, collateralLine, debtLine, health, price, snapshot } from "./arbitraries.ts";
import { sameIn } from "./compare.ts";

describe("parity: healthMath", () => {
  const same = sameIn("healthMath", "HealthHarness");

  const viewCode = fc.constantFrom(...PRICE_VIEWS.keys());
  same("sum", fc.tuple(snapshot, viewCode), (lines, code) => ({
    ...healthMath.sum(lines, viewOf(code)),
  }));
  same("valueDown", fc.tuple(assets, price), healthMath.valueDown);
  same("valueUp", fc.tuple(assets, price), healthMath.valueUp);
  same("collateralPrice", fc.tuple(collateralLine, viewCode), (line, code) =>
    healthMath.collateralPrice(line, viewOf(code)),
  );
  same("debtPrice", fc.tuple(debtLine, viewCode), (line, code) =>
    healthMath.debtPrice(line, viewOf(code)),
  );
  same("surchargeUp", fc.tuple(health, bps), healthMath.surchargeUp);
  same("isCoveredInitially", fc.tuple(health), healthMath.isCoveredInitially);
  same("isCovered", fc.tuple(health), healthMath.isCovered);
  same("nav", fc.tuple(health), healthMath.nav);
  same("cushion", fc.tuple(health), healthMath.cushion);
  same("usedWad", fc.tuple(health), healthMath.usedWad);
  same("isBeyondCloseOut", fc.tuple(health, bps), healthMath.isBeyondCloseOut);
  same("isInsolvent", fc.tuple(health, bps, bps), healthMath.isInsolvent);
  same("coverageDown", fc.tuple(health), healthMath.coverageDown);
  same("coverageAtLeast", fc.tuple(health, health), healthMath.coverageAtLeast);
});

function viewOf(code: number): PriceView {
  return PRICE_VIEWS[code] ?? "protocol";
}
