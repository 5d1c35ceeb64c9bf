import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { FormProvider, useForm } from 'react-hook-form'
import { useNavigate } from 'react-router'
import { followOperation } from '../api/followed.js'
import { siteDefaultsQuery } from '../api/sites.js'
import { Dialog } from './Dialog.js'
import { DialogFooter } from './DialogFooter.js'
import { ErrorNote } from './ErrorNote.js'
import { NameField } from './NameField.js'

interface Props {
  title: string
  action: string
  /** A name that is filled in. */
  name: string
  children: ReactNode
  onCopy: (name: string) => Promise<{ operation: string }>
  onClose: () => void
}

/** Asks for the name of a site that is made out of another one's data, and leads there. */
export function CopyDialog({ title, action, name, children, onCopy, onClose }: Props) {
  const navigate = useNavigate()
  const form = useForm({ defaultValues: { name } })
  const [error, setError] = useState<Error>()
  const { data } = useQuery(siteDefaultsQuery)
  const { isSubmitting } = form.formState
  const submit = form.handleSubmit(async (values) => {
    setError(undefined)
    try {
      const { operation } = await onCopy(values.name)
      followOperation(operation)
      onClose()
      await navigate(`/sites/${values.name}`, { state: { created: operation } })
    } catch (reason) {
      setError(reason as Error)
    }
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <FormProvider {...form}>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <div className="dialog-body">
            {children}
            <NameField baseDomain={data?.baseDomain ?? '…'} />
            {error && <ErrorNote error={error} />}
          </div>
          <DialogFooter action={action} busy={isSubmitting} onClose={onClose} />
        </form>
      </FormProvider>
    </Dialog>
  )
}
