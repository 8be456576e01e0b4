/** Every sentence a learner reads exists in every language, or it does not compile. */
export type Language = 'en' | 'fr';
export const LANGUAGES: readonly Language[] = ['en', 'fr'];
export type Text = Readonly<Record<Language, string>>;

export function t(en: string, fr: string): Text {
  return { en, fr };
}
