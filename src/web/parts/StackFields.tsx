import { useEffect } from 'react'
import { type Path, type PathValue, type UseFormReturn, useWatch } from 'react-hook-form'
import { STACK_PARTS, type Stack, type StackPart } from '../../model/stack.js'
import type { StackChoices } from '../../model/template-info.js'
import { useWords } from '../i18n/use-words.js'
import { ChoiceCards } from './ChoiceCards.js'

const ORDER: StackPart[] = ['language', 'database', 'server']

/** The names of one part that the other parts, as they are chosen, go with. */
export function findAllowed(choices: StackChoices, stack: Stack, part: StackPart): string[] {
  const lists = { server: choices.servers, language: choices.languages, database: choices.databases }
  const rules = STACK_PARTS.map(
    (other) => lists[other].find(({ name }) => name === stack[other])?.onlyWith[part] ?? undefined,
  )
  return lists[part].map(({ name }) => name).filter((name) => rules.every((rule) => !rule || rule.includes(name)))
}

/** The three choices of a stack; what does not go with the others cannot be chosen, and gives way when it was. */
export function StackFields<Form extends Stack>({
  form,
  choices,
}: {
  form: Pick<UseFormReturn<Form>, 'register' | 'setValue' | 'control'>
  choices: StackChoices
}) {
  const { t } = useWords()
  const { control, register, setValue } = form
  const [server, language, database] = useWatch({ control, name: STACK_PARTS as unknown as Path<Form>[] }) as string[]
  const stack = { server: server ?? '', language: language ?? '', database: database ?? '' }
  const allowed = Object.fromEntries(ORDER.map((part) => [part, findAllowed(choices, stack, part)]))
  const wrong = ORDER.find((part) => !allowed[part]?.includes(stack[part]))
  const instead = wrong && allowed[wrong]?.[0]
  useEffect(() => {
    if (wrong && instead) setValue(wrong as Path<Form>, instead as PathValue<Form, Path<Form>>)
  }, [wrong, instead, setValue])
  const lists = { server: choices.servers, language: choices.languages, database: choices.databases }
  return ORDER.map((part) => (
    <ChoiceCards
      key={part}
      legend={t(`create.${part}`)}
      choices={lists[part]}
      field={register(part as Path<Form>)}
      allowed={allowed[part]}
    />
  ))
}
