// hardhat ignition deploy deploy/modules/CollateralSwapper.ts --network NAME --parameters FILE
// FILE: { "CollateralSwapper": { "vault": "0x…", "venue": "0x…" } }
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Swaps collateral for any owner, for one vault and one router; no part of the core deployment, as venues differ. */
export default buildModule("CollateralSwapper", (m) => ({
  swapper: m.contract("CollateralSwapper", [m.getParameter("vault"), m.getParameter("venue")]),
}));
