/** What the pages say, in English and in French, and which of them a visitor wants. */
import type { Request } from 'express';

export type Language = 'en' | 'fr';

export type Text = Readonly<Record<Language, string>>;

export function t(en: string, fr: string): Text {
  return { en, fr };
}

/** `?lang=fr` before Accept-Language; English when neither says. */
export function languageOf(request: Request): Language {
  const asked = new URL(request.originalUrl, 'http://app').searchParams.get('lang');
  if (asked === 'en' || asked === 'fr') return asked;
  return request.acceptsLanguages('en', 'fr') === 'fr' ? 'fr' : 'en';
}
