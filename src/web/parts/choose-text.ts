import { ANNOUNCEMENT_LANGUAGES, type AnnouncementTexts } from '../../model/announcement.js'
import type { Language } from '../i18n/language.js'

/** The text of an announcement for somebody who reads that language, and which one it is in. */
export function chooseText(texts: AnnouncementTexts, wanted: Language): { text: string; language: Language } {
  const language = [wanted, ...ANNOUNCEMENT_LANGUAGES].find((one) => texts[one] !== undefined) ?? wanted
  return { text: texts[language] ?? '', language }
}
