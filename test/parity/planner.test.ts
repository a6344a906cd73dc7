// The planner against the real vault: random accounts on a local deployment, a fall in prices, and what the plan predicts is
// what the chain does, to the unit.
import { expect } from "chai";
import type { ContractTransactionReceipt, Signer } from "ethers";
import { network } from "hardhat";
import type { Parameters } from "../../deploy/schema.ts";
import { createRandom, type Random } from "../../scripts/demo/random.ts";
import { deployLocalSystem, type LocalAsset, type LocalSystem } from "../../scripts/localSystem.ts";
import { type AccountId, toAccountId } from "../../sdk/accountId.ts";
import type { CallStanding, LegChoice, LiquidationRules } from "../../sdk/liquidation.ts";
import { UINT256_MAX } from "../../sdk/mathLib.ts";
import {
  leastLiquidation,
  type PlannedLiquidation,
  type PlannedWriteOff,
  previewLiquidation,
  writeOffPlan,
} from "../../sdk/planner.ts";
import { type AccountView, readAccount, readMarket, readPair } from "../../sdk/reader.ts";
import type { Snapshot } from "../../sdk/snapshot.ts";
