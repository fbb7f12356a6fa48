/** What became of the inputs that were drawn. */
export interface ShadowCounts {
  readonly drawn: number;
  readonly skipped: number;
  readonly compared: number;
  readonly missing: number;
}

/** What a server's report says of one version. */
export interface ReportedVersion {
  readonly policy: string;
  readonly operating_point: string;
  readonly items: number;
  readonly shadow: ShadowCounts;
  readonly disagreement: {
    readonly n: number;
    readonly rate: number | null;
    readonly limit: number | null;
    readonly alarm: { readonly fired: boolean; readonly at: number | null } | null;
  };
}

/**
 * Reads what a server says of a version of the policy of `fashion-mnist`.
 *
 * @param address Base URL of the server.
 * @param policy Name of the version; the one that serves unless given.
 * @returns What its report says.
 * @throws {Error} If the version has answered nothing.
 */
export async function readVersion(address: string, policy?: string): Promise<ReportedVersion> {
  const response = await fetch(`${address}/v1/pairs/fashion-mnist/report`);
  const { serves, versions } = await response.json();
  const name = policy ?? serves.policy;
  const version = versions.find((one: ReportedVersion) => one.policy === name);
  if (version) return version;
  throw new Error(`Cannot find ${name} in the report: it has answered nothing`);
}
