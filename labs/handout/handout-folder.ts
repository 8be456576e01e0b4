/** The handouts on disk: pages, pictures and facts, one name each. */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Lab } from '../harness/lab.ts';
import type { RunResult } from '../harness/result.ts';
import { LANGUAGES, type Language } from '../harness/text.ts';
import { factsOf, type HandoutFacts, staleness } from './handout-facts.ts';
import { handoutHtml } from './handout-html.ts';
import { renderHandout, renderIndex } from './render-handout.ts';
import { drawTopology } from './topology.ts';

export class HandoutFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Facts and pictures of a run that has passed, and the pages made of them. */
  async take(lab: Lab, result: RunResult, runFolder: string): Promise<void> {
    const { language } = result;
    const facts = factsOf(result, runFolder);
    await mkdir(path.join(this.folder, lab.id), { recursive: true });
    await this.#removePictures(lab, language);
    const shots = result.steps.flatMap(step => step.shots);
    const files = facts.steps.flatMap(step => step.shots);
    for (const [index, { file }] of files.entries()) {
      const shot = shots[index];
      if (shot === undefined) continue;
      await copyFile(path.join(runFolder, shot.file), path.join(this.folder, lab.id, file));
    }
    await writeFile(this.#factsFile(lab.id, language), `${JSON.stringify(facts, null, 2)}\n`);
    await this.#writePages(lab, language, facts);
  }

  async writeIndex(labs: readonly Lab[]): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const { file, text } of indexPages(labs)) {
      await writeFile(path.join(this.folder, file), text);
    }
  }

  /** What is wrong with the handout of a lab as it lies there; empty when it is up to date. */
  problems(lab: Lab, language: Language): readonly string[] {
    const facts = this.#facts(lab.id, language);
    if (facts === undefined) return [`there is no handout of ${lab.id} in ${language}`];
    const stale = staleness(lab, facts);
    if (stale.length > 0) return stale;
    return [
      ...pagesOf(lab, language, facts).flatMap(page => this.#difference(page)),
      ...facts.steps
        .flatMap(({ shots }) => shots.map(({ file }) => path.join(lab.id, file)))
        .filter(file => !existsSync(path.join(this.folder, file)))
        .map(file => `the picture ${file} is missing`),
    ];
  }

  indexProblems(labs: readonly Lab[]): readonly string[] {
    return indexPages(labs).flatMap(page => this.#difference(page));
  }

  /** The pages once more from the facts that are there: only words of the lab have changed. */
  async rewrite(lab: Lab, language: Language): Promise<boolean> {
    const facts = this.#facts(lab.id, language);
    if (facts === undefined || staleness(lab, facts).length > 0) return false;
    await this.#writePages(lab, language, facts);
    return true;
  }

  async #writePages(lab: Lab, language: Language, facts: HandoutFacts): Promise<void> {
    for (const { file, text } of pagesOf(lab, language, facts)) {
      await writeFile(path.join(this.folder, file), text);
    }
  }

  #difference({ file, text }: Page): readonly string[] {
    const there = path.join(this.folder, file);
    if (!existsSync(there)) return [`${file} is missing`];
    // A checkout on Windows may have turned the ends of lines.
    const found = readFileSync(there, 'utf8').replaceAll('\r\n', '\n');
    return found === text ? [] : [`${file} is not what the lab says now`];
  }

  #facts(lab: string, language: Language): HandoutFacts | undefined {
    const file = this.#factsFile(lab, language);
    if (!existsSync(file)) return undefined;
    return JSON.parse(readFileSync(file, 'utf8')) as HandoutFacts;
  }

  #factsFile(lab: string, language: Language): string {
    return path.join(this.folder, lab, `run.${language}.json`);
  }

  async #removePictures(lab: Lab, language: Language): Promise<void> {
    const folder = path.join(this.folder, lab.id);
    for (const file of await readdir(folder)) {
      if (file.endsWith(`.${language}.png`)) await rm(path.join(folder, file));
    }
  }
}

interface Page {
  readonly file: string;
  readonly text: string;
}

function pagesOf(lab: Lab, language: Language, facts: HandoutFacts): readonly Page[] {
  const markdown = renderHandout({ lab, language, facts });
  return [
    { file: `${lab.id}.${language}.md`, text: markdown },
    {
      file: `${lab.id}.${language}.html`,
      text: handoutHtml(lab.title[language], markdown, language),
    },
    { file: path.join(lab.id, 'topology.svg'), text: drawTopology(lab) },
  ];
}

function indexPages(labs: readonly Lab[]): readonly Page[] {
  return LANGUAGES.flatMap(language => {
    const markdown = renderIndex(labs, language);
    const name = language === 'en' ? 'README' : `README.${language}`;
    return [
      { file: `${name}.md`, text: markdown },
      { file: `${name}.html`, text: handoutHtml('Relais', markdown, language) },
    ];
  });
}
