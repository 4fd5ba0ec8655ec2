import { indexDefinitions } from "./definitions.js";
import { Journal } from "./journal.js";
import { VersionedRepository } from "./versioned-repository.js";

/** Commits after which a start rewrites the journal without superseded versions. */
const COMPACT_AFTER = 5_000;

/** The repository with everything that was committed in earlier lives. */
export async function openRepository(
  directory: string,
): Promise<{ repository: VersionedRepository; journal: Journal }> {
  indexDefinitions();
  const repository = new VersionedRepository();
  const { journal, commits } = await Journal.open(directory);
  for (const change of commits.flat()) await repository.replay(change);
  if (commits.length > COMPACT_AFTER) await journal.rewrite(repository.compacted());
  return { repository, journal };
}
