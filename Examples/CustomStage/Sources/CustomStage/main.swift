import Command
import Stages

CommandLineTool(stages: builtin + [Nice.self, Scratch.self, FewFiles.self]).main()
