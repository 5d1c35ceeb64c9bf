export interface PromiseTest {
  promise: number
  shows: string
  waitsFor?: string
}
export interface Catalogue {
  promises: string[]
  tests: Record<string, PromiseTest>
}
export interface Report {
  testResults: { assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[]
}
export function readCatalogue(root?: string): Promise<Catalogue>
export function readTitles(root?: string): Promise<Map<string, string[]>>
export function findProblems(catalogue: Catalogue, titles: Map<string, string[]>): string[]
export function renderTable(catalogue: Catalogue, titles: Map<string, string[]>): string
export function summarise(catalogue: Catalogue, report: Report): string[]
