import { Contract, ContractFactory, type InterfaceAbi, type Signer } from "ethers";

/** Where the address of a library goes, by file and library [bytes] */
type LinkReferences = Readonly<
  Record<
    string,
    Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>
  >
>;

/** What a compiler made of a contract. */
export interface Artifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string; // of the deployment, with 0x
  readonly linkReferences?: LinkReferences;
}

/** Deploys a contract and waits for it. @param libraries Their addresses by name */
export async function deploy(
  artifact: Artifact,
  deployer: Signer,
  args: readonly unknown[] = [],
  libraries: Readonly<Record<string, string>> = {},
): Promise<Contract> {
  const bytecode = link(artifact, libraries);
  const deployed = await new ContractFactory(artifact.abi, bytecode, deployer).deploy(...args);
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), artifact.abi, deployer);
}

/** Names of the libraries that a contract needs. */
export function librariesOf({ linkReferences = {} }: Artifact): readonly string[] {
  return Object.values(linkReferences).flatMap((names) => Object.keys(names));
}

/** The bytecode with the addresses of its libraries. @throws RangeError for a library without address */
export function link(artifact: Artifact, libraries: Readonly<Record<string, string>>): string {
  let { bytecode } = artifact;
  for (const names of Object.values(artifact.linkReferences ?? {})) {
    for (const [name, places] of Object.entries(names)) {
      const address = libraries[name];
      if (address === undefined) throw new RangeError(`library "${name}" found nowhere`);
      for (const { start, length } of places) {
        const from = 2 + start * 2;
        bytecode = bytecode.slice(0, from) + address.slice(2) + bytecode.slice(from + length * 2);
      }
    }
  }
  return bytecode;
}
