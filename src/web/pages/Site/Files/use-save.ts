import { useState } from 'react'
import { ApiError } from '../../../api/api-error.js'
import { saveText } from '../../../api/files.js'
import { queryClient } from '../../../api/query-client.js'
import { useWords } from '../../../i18n/use-words.js'
import { showToast } from '../../../parts/toasts.js'
import { findOpenFile, isDirty, markSaved } from './open-files.js'

interface Save {
  save: () => Promise<void>
  saving: boolean
  /** The save was refused because the file is another by now. */
  conflict: boolean
  endConflict: () => void
}

/** Saves a file over the version it was made from. */
export function useSave(site: string, path: string): Save {
  const { t } = useWords()
  const [saving, setSaving] = useState(false)
  const [conflict, setConflict] = useState(false)
  const queryKey = ['file', site, path]
  const save = async () => {
    const file = findOpenFile(site, path)
    if (!file || saving || (!isDirty(file) && file.version !== null)) return
    setSaving(true)
    // An answer that is on its way would show the version from before the save.
    await queryClient.cancelQueries({ queryKey })
    try {
      const version = await saveText(site, path, file.version, file.text)
      markSaved(site, path, file.text, version)
      queryClient.setQueryData(queryKey, { path, sizeBytes: file.text.length, version, text: file.text })
    } catch (error) {
      if (error instanceof ApiError && error.code === 'conflict') setConflict(true)
      else showToast({ kind: 'error', title: t('files.saveFailed', { path }), error: error as Error })
    }
    setSaving(false)
  }
  return { save, saving, conflict, endConflict: () => setConflict(false) }
}
