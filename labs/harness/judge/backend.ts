/** What the proxy says of one backend: weight, admin state, health. */
import type { BackendSnapshot } from '../../../proxy/index.ts';
import type { BackendLook } from '../probes.ts';
import { type Text, t } from '../text.ts';
import { addressOf, type Evidence, type Judgement, judgement, latestSample } from './evidence.ts';

export function judgeBackend(evidence: Evidence, machine: string, look: BackendLook): Judgement {
  const sample = latestSample(evidence, evidence.actedAt);
  if (sample === undefined) {
    return judgement(
      'unknown',
      'the proxy has not told its backends yet',
      'le proxy n’a pas encore donné ses backends',
    );
  }
  const address = addressOf(evidence, machine);
  const { cluster } = look;
  const backend = sample.backends.find(
    one => one.address === address && (cluster === undefined || one.clusterId === cluster),
  );
  if (backend === undefined) return notThere(machine, cluster);
  const { weight, admin, healthy, connectFailuresTotal: failed } = backend;
  return judgement(
    looksSo(backend, look) ? 'pass' : 'fail',
    `${machine}: weight ${weight}, ${admin}, ${healthy ? 'healthy' : 'unhealthy'}${tried(failed).en}`,
    `${machine} : poids ${weight}, ${admin}, ${healthy ? 'sain' : 'malade'}${tried(failed).fr}`,
  );
}

function notThere(machine: string, cluster: string | undefined): Judgement {
  return judgement(
    'fail',
    `${machine} is no backend of ${cluster ?? 'the proxy'}`,
    `${machine} n’est pas un backend ${cluster === undefined ? 'du proxy' : `de ${cluster}`}`,
  );
}

function looksSo(backend: BackendSnapshot, look: BackendLook): boolean {
  const { weight, admin, healthy, failedConnects } = look;
  if (weight !== undefined && backend.weight !== weight) return false;
  if (admin !== undefined && backend.admin !== admin) return false;
  if (failedConnects !== undefined && backend.connectFailuresTotal !== failedConnects) return false;
  return healthy === undefined || backend.healthy === healthy;
}

/** Says nothing where nothing went wrong. */
function tried(failed: number): Text {
  if (failed === 0) return t('', '');
  return t(`, ${failed} failed connects`, `, ${failed} connexions en échec`);
}
