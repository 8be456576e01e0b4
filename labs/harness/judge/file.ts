/** Does the proxy's config file say what runs? */
import { counted } from '../figures.ts';
import { t } from '../text.ts';
import { type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

export function judgeFile(evidence: Evidence, says: 'what-runs' | 'something-else'): Judgement {
  const sample = recordsOf(evidence, 'proxy', evidence.actedAt).findLast(one => one.file);
  if (sample?.file === undefined) {
    return judgement(
      'unknown',
      'the file was not compared with what runs yet',
      'le fichier n’a pas encore été comparé à ce qui tourne',
    );
  }
  const { file } = sample;
  if ('problem' in file) {
    return judgement(
      'fail',
      `the file cannot be used: ${file.problem}`,
      `le fichier est inutilisable : ${file.problem}`,
      [sample],
    );
  }
  const { changes } = file;
  const kind = (changes === 0) === (says === 'what-runs') ? 'pass' : 'fail';
  const { en, fr } = counted(changes, t('change', 'changement'), t('changes', 'changements'));
  return judgement(
    kind,
    `a reload of the file would make ${en}`,
    `recharger le fichier ferait ${fr}`,
    [sample],
  );
}
