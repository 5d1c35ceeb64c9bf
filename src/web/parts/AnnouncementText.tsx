import type { AnnouncementTexts } from '../../model/announcement.js'
import { visibleText } from '../../model/visible-text.js'
import { useWords } from '../i18n/use-words.js'
import { chooseText } from './choose-text.js'

/** An announcement in the person's language, else in the one that it has: screen readers must know which. */
export function AnnouncementText({ texts }: { texts: AnnouncementTexts }) {
  const { language } = useWords()
  const { text, language: written } = chooseText(texts, language)
  return (
    <span lang={written} className="text-break">
      {visibleText(text)}
    </span>
  )
}
