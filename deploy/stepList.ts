import type { CreatedContract, SpokenContract } from "./contracts.ts";
import type { Argument, Step } from "./steps.ts";

/** Collects steps; the phase goes on when it is told to. */
export class StepList {
  readonly steps: Step[] = [];
  #phase = 0;

  nextPhase(): void {
    this.#phase += 1;
  }

  create(id: string, contract: CreatedContract, args: readonly Argument[]): void {
    this.steps.push({ type: "create", id, phase: this.#phase, contract, args });
  }

  callVault(id: string, method: string, args: readonly Argument[]): void {
    this.#call(id, "CollateralVault", "ICollateralVault", method, args);
  }

  callManager(id: string, method: string, args: readonly Argument[]): void {
    this.#call(id, "AccessManager", "AccessManager", method, args);
  }

  callCreated(
    id: string,
    target: string,
    contract: CreatedContract,
    method: string,
    args: readonly Argument[],
  ): void {
    this.#call(id, target, contract, method, args);
  }

  callThere(
    id: string,
    address: string,
    contract: SpokenContract,
    method: string,
    args: readonly Argument[],
  ): void {
    this.#call(id, address, contract, method, args);
  }

  #call(
    id: string,
    target: string,
    contract: SpokenContract,
    method: string,
    args: readonly Argument[],
  ): void {
    this.steps.push({ type: "call", id, phase: this.#phase, target, contract, method, args });
  }
}
