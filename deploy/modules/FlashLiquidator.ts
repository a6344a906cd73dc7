// hardhat ignition deploy deploy/modules/FlashLiquidator.ts --network NAME --parameters FILE
// FILE: { "FlashLiquidator": { "vault": "0x…", "venue": "0x…", "owner": "0x…" } }
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** A liquidator without cash, for one vault and one router; no part of the core deployment, as venues differ. */
export default buildModule("FlashLiquidator", (m) => ({
  liquidator: m.contract("FlashLiquidator", [
    m.getParameter("vault"),
    m.getParameter("venue"),
    m.getParameter("owner"),
  ]),
}));
