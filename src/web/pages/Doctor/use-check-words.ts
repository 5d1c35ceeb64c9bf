import { translateServerText } from '../../i18n/server-texts.js'
import { useWords } from '../../i18n/use-words.js'

/** What the doctor says, in the person's language; names of things and values stay as they are. */
export function useCheckWords(): (text: string) => string {
  const { language } = useWords()
  return (text) => translateServerText(text, language) ?? text
}
