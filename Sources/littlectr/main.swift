import Command
import Stages

CommandLineTool(stages: builtin).main()
