import { extname } from 'node:path';
import { type LoadedConfiguration, resolveBytes, resolveFile, resolvePath, resolveSecret } from '../config/index.ts';
import {
  cloudEndpoints,
  customCloud,
  extensionNames,
  openGraphTarget,
  openSyncApiTarget,
  type Target,
  type TenantAccess,
  type TenantCredential,
} from '../target/index.ts';
import type { Environment } from './open.ts';
import { targetOptions } from './target-options.ts';

/** Opens the tenant as the configuration describes it; nothing is sent before the first check. */
export function openTarget(
  configuration: LoadedConfiguration,
  environment: Environment,
  sandbox: TenantAccess | undefined,
): Target {
  const { cloud } = configuration.document.tenant;
  const access = cloud === 'sandbox' ? sandbox : accessOf(configuration, environment);
  if (access === undefined) throw new Error('the embedded sandbox tenant was not started');
  const { now, log } = environment;
  const outside = { now, random: Math.random, log };
  const options = targetOptions(configuration.document);
  const { target, syncApi, endpoints } = configuration.document.tenant;
  return target === 'syncApi'
    ? openSyncApiTarget(access, outside, {
        endpoint: syncApi?.endpoint ?? endpoints?.syncApi,
        build: syncApi?.build,
        membersPerGroup: syncApi?.membersPerGroup,
        directoryExtensions: extensionNames(options.directoryExtensions),
      })
    : openGraphTarget(access, outside, options);
}

function accessOf(configuration: LoadedConfiguration, environment: Environment): TenantAccess {
  const { id, cloud, endpoints } = configuration.document.tenant;
  const ca = endpoints?.ca;
  const origins =
    endpoints !== undefined
      ? customCloud(endpoints.graph, endpoints.authority)
      : cloud === 'custom' || cloud === 'sandbox'
        ? cloudEndpoints.global
        : cloudEndpoints[cloud];
  return {
    tenantId: id,
    cloud: origins,
    credential: credentialOf(configuration, environment),
    ca: ca === undefined ? undefined : resolveFile(configuration, 'tenant.endpoints.ca', ca),
  };
}

function credentialOf(configuration: LoadedConfiguration, { env, vault }: Environment): TenantCredential {
  const { credential } = configuration.document.tenant;
  if (credential === undefined) throw new Error('the tenant has no credential');
  const { clientId, certificate, clientSecret, tokenFile, passphrase: opens } = credential;
  if (clientSecret !== undefined) {
    const secret = () => resolveSecret(configuration, env, 'the client secret of the tenant', clientSecret, vault);
    return { clientId, kind: 'secret', secret };
  }
  if (tokenFile !== undefined)
    return { clientId, kind: 'workloadIdentity', tokenFile: resolvePath(configuration, tokenFile) };
  if (certificate === undefined) throw new Error('the credential is empty');
  const passphrase =
    opens === undefined
      ? undefined
      : () => resolveSecret(configuration, env, 'the passphrase of the tenant’s certificate', opens, vault);
  const setting = 'tenant.credential.certificate';
  if (['.pfx', '.p12'].includes(extname(certificate).toLowerCase())) {
    return { clientId, kind: 'pfx', pfx: () => resolveBytes(configuration, setting, certificate), passphrase };
  }
  return { clientId, kind: 'certificate', pem: () => resolveFile(configuration, setting, certificate), passphrase };
}
