import { isAddress } from "ethers";
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { planDeployment } from "./plan.ts";
import type { Parameters as Deployed } from "./schema.ts";
import {
  type Argument,
  isAccountAt,
  isAddressOf,
  isGiven,
  isList,
  phasesOf,
  type Step,
} from "./steps.ts";

type IgnitionModuleBuilder = Parameters<Parameters<typeof buildModule>[1]>[0];
type CallArguments = Parameters<IgnitionModuleBuilder["call"]>;
type Created = CallArguments[0];
type ArgumentType = NonNullable<CallArguments[2]>[number];
type Future = NonNullable<NonNullable<CallArguments[3]>["after"]>[number];

/**
 * The steps of a deployment as a module of Hardhat Ignition, which records each in its journal and goes on where it stopped.
 * @param name Name of the module: letters and digits.
 * @param params Checked parameters.
 * @param pricedAt Time of the first answer of mock feeds [unix s]
 */
export function suretyModule(name: string, params: Deployed, pricedAt: bigint) {
  return buildModule(name, (m) => {
    const created = new Map<string, Created>();
    let previous: readonly Future[] = [];
    for (const phase of phasesOf(planDeployment(params, pricedAt))) {
      previous = phase.map((step) => futureOf(m, step, created, previous));
    }
    return {
      vault: get(created, "ICollateralVault"),
      manager: get(created, "AccessManager"),
      distributor: get(created, "RewardsDistributor"),
    };
  });
}

function futureOf(
  m: IgnitionModuleBuilder,
  step: Step,
  created: Map<string, Created>,
  previous: readonly Future[],
): Future {
  const args = step.args.map((arg) => toIgnition(m, arg, created));
  const after = [...previous];
  if (step.type === "create") {
    const future = m.contract(step.contract, args, { id: step.id, after });
    created.set(step.id, future);
    return future;
  }
  return m.call(targetOf(m, step, created), step.method, args, { id: step.id, after });
}

/** The target as the ABI knows it by which it is called. */
function targetOf(
  m: IgnitionModuleBuilder,
  step: Extract<Step, { type: "call" }>,
  created: Map<string, Created>,
): Created {
  // a token that was there before
  if (isAddress(step.target))
    return m.contractAt(step.contract, step.target, { id: `${step.id}_token` });
  const future = get(created, step.target);
  if (step.contract !== "ICollateralVault") return future;
  const known = created.get(step.contract);
  if (known !== undefined) return known;
  const spoken = m.contractAt(step.contract, future, { id: step.contract });
  created.set(step.contract, spoken);
  return spoken;
}

function toIgnition(
  m: IgnitionModuleBuilder,
  arg: Argument,
  created: Map<string, Created>,
): ArgumentType {
  if (typeof arg !== "object") return arg;
  if (isList(arg)) return arg.map((item) => toIgnition(m, item, created));
  if (isAddressOf(arg)) return get(created, arg.addressOf);
  if (isAccountAt(arg)) return m.getAccount(arg.account);
  if (isGiven(arg)) return m.getParameter(arg.given);
  return Object.fromEntries(
    Object.entries(arg).map(([name, value]) => [name, toIgnition(m, value, created)]),
  );
}

function get(created: Map<string, Created>, id: string): Created {
  const future = created.get(id);
  if (future === undefined) throw new RangeError(`step "${id}" found in no earlier phase`);
  return future;
}
