import { queryOptions } from '@tanstack/react-query'
import { encodeBase64 } from '../format/base64.js'
import { callApi } from './call-api.js'

export const folderQuery = (name: string, path: string) =>
  queryOptions({
    queryKey: ['folder', name, path],
    queryFn: ({ signal }) => callApi('listFiles', { params: { name }, query: { path } }, signal),
  })

export const readFile = (name: string, path: string) => callApi('readFile', { params: { name }, query: { path } })

/** Saves text over the version it was made from (null: a new file). Answers the new version; `conflict` when the file is another by now. */
export async function saveText(name: string, path: string, base: string | null, text: string): Promise<string> {
  const content = encodeBase64(text)
  return (await callApi('saveFile', { params: { name }, query: { path }, body: { base, content } })).version
}
