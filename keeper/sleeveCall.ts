// The call of anyone's work on sleeves.
import { ICollateralVault__factory } from "../types/ethers-contracts/factories/contracts/interfaces/ICollateralVault__factory.ts";
import { IVenueAllocator__factory } from "../types/ethers-contracts/factories/contracts/interfaces/IVenueAllocator__factory.ts";
import type { Call } from "./sender.ts";
import type { SleeveTask } from "./sleeveTasks.ts";

/** The call of a task. @param own Whose shares are redeemed. */
export function sleeveCall(task: SleeveTask, vault: string, own: string): Call {
  const { sleeve } = task;
  const code = ICollateralVault__factory.createInterface();
  const shares = IVenueAllocator__factory.createInterface();
  switch (task.type) {
    case "serveRecalls":
      return { to: vault, data: code.encodeFunctionData("serveRecalls", [sleeve, task.most]) };
    case "trimReuse":
      return { to: vault, data: code.encodeFunctionData("trimReuse", [task.account, sleeve]) };
    case "refill":
      return { to: sleeve, data: shares.encodeFunctionData("refill", [task.venue]) };
    case "touchSleeve":
      return { to: sleeve, data: shares.encodeFunctionData("touch") };
    case "redeemShares":
      return { to: sleeve, data: shares.encodeFunctionData("redeem", [task.shares, own, own]) };
    default:
      return task satisfies never;
  }
}
