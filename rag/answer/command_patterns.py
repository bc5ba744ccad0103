"""How orders to a language model are written, in Chinese, in English and in the marks that only prompts and programs have."""

from __future__ import annotations

_REPLY = "(?:回答|答案|回复|答复|输出|应答)"
_RULES = "(?:指令|指示|规则|要求|提示词?|约束|限制|设定|围栏|标记|对话|命令)"
_ANSWER = "(?:answer|response|reply|output|completion)s?"
# Words of which one must stand in the text, in small letters, before its pattern is tried (or compiled).
PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "忽略 无视 忘记 忘掉 抛开 跳过 绕过 违反 理会 不用管 遵守 取消 解除 覆盖",
        (
            rf"(?:忽略|无视|忘记|忘掉|抛开|跳过|绕过|违反|不要理会|不必理会|不用管|不要遵守|不再遵守|取消|解除|覆盖)[^。\n]{{0,6}}"
            rf"(?:以上|上述|上面|之前|前面|先前|此前|所有|全部|一切|任何|系统|原有|原来|你的|资料|这些)[^。\n]{{0,10}}{_RULES}"
        ),
    ),
    (
        "从现在起 现在起 从此刻起 现在开始 接下来",
        r"(?:从现在起|现在起|从此刻起|现在开始|接下来)[，,]?你(?:是|将|要|就|必须|应|只|不再|扮演)",
    ),
    (
        "你是 你现在 你扮演 你充当 你变成",
        r"你(?:现在)?(?:是|扮演|充当|变成)(?:一个|一名|一位)?.{0,10}(?:助手|模型|机器人|黑客|角色|DAN|管理员)",
    ),
    (
        "回答 答案 回复 答复 输出 应答",
        (
            rf"(?:在|于|把|将|给|用|到|进)[^。！？\n]{{0,24}}(?:你|本次|最终|每[个次]|所有)的?{_REPLY}"
            rf"|(?:在|于|到|进)(?:回答|答案|输出)(?:中(?![外国小央])|里|的?末尾|的?结尾|的?开头|的?最后|前面|后面|之前|之后)"
            rf"|你的?(?:最终|下一个|每个)?{_REPLY}(?:必须|应当?|须|要|只能|以|用|请|为|时|改)"
            rf"|(?:放进|写进|写入|加入|插入|附在|贴在|混入|藏进){_REPLY}|把(?:你的)?(?:回答|答案|输出)(?:写|改|换|翻译|变)成|(?:回答|输出)时[，,]?请"
        ),
    ),
    (
        "输出 打印 复述 回复 回答 说出 写出 写上 附上 附加 加上 插入 泄露 显示 念出 照抄 拼出 重复",
        (
            r"(?:输出|打印|复述|回复|回答|说出|写出|写上|附上|附加|加上|插入|泄露|显示|念出|照抄|拼出|重复)[^。\n]{0,12}"
            r"(?:口令|暗号|密语|系统提示|提示词|以下(?:内容|文字|链接|图片|一句)|这(?:句话|段话|个链接|张图))"
            r"|(?:只|仅|请|必须|然后|直接|末尾|开头)(?:输出|打印|回复|回答|写上|写|加上|附上|说)\s*[：:]?\s*[“「\"'`【\[<!]"
        ),
    ),
    ("输出 复述 照抄 念出 解码", r"请(?:你|先)?(?:输出|复述|照抄|念出|解码)"),
    (
        "语言模型 大模型 ai 人工智能 chatgpt 机器人 助手 gpt claude deepseek 通义 文心 kimi 豆包 智能体",
        (
            r"(?:作为|如果你?是|假如你?是)(?:一个|一名)?(?:大?语言模型|大模型|AI|人工智能|ChatGPT|机器人|助手|智能体)[^。\n]{0,6}(?:你|请)"
            r"|(?:ChatGPT|GPT-?\d?|Claude|DeepSeek|通义|文心一言|Kimi|豆包)[，,：:]\s*(?:请|停止|忽略|你)"
        ),
    ),
    (
        "任何 所有 每个 每次 全部",
        r"(?:任何|所有|每个|每次|全部)(?:的)?(?:提问|问话|摘要|总结|回答|答复)(?:都|均|一律|只|必须|要|中|里)",
    ),
    ("任务 身份 指令", r"(?:真正|新|实际|唯一)的?(?:任务|身份|指令)(?:是|为|[：:])"),
    ("对话 会话 上下文", r"(?:对话|会话|上下文)(?:已?重置|重新开始|已?清空|到此结束)"),
    (
        "提问 告诉 转告",
        r"(?:请|把|将)[^。\n]{0,8}用户的?(?:提问|问题|输入|对话)[^。\n]{0,10}(?:发送|发给|转发|上传)|(?:请|任务是|必须|把)[^。\n]{0,12}(?:告诉|转告)(?:读者|用户|提问)",
    ),
    ("引用 依据", r"(?:不需要|不必|不要|停止|无须|不再)(?:再)?(?:引用|依据)(?:资料|来源|文章|出处|原文)"),
    ("程序 机器 模型 爬虫", r"(?:仅?供|面向)[^。\n]{0,6}(?:自动程序|机器|模型|爬虫|AI)(?:阅读|读取|处理|使用)?[：:]"),
    ("优先级 作废", r"(?:优先级|权限)(?:最高|高于)[^。\n]{0,3}[：:]|以上(?:内容|规则|资料)(?:全部|均)?(?:作废|无效)"),
    (
        "ai model llm chatbot assistant",
        (
            r"\b(?:if|as) (?:you are |you're )?(?:an? )?(?:ai|large language model|language model|llm|chatbot|assistant)\b[^.\n]{0,12}"
            r"\b(?:you|mention|say|must|output|reply)\b|(?:^|[.!?]\s*)assistants? (?:should|must|shall) now\b"
        ),
    ),
    (
        "task instruction objective persona identity",
        r"\b(?:real|new|actual|true|only) (?:task|instructions?|objective|persona|identity)\b\s*(?:is|are|:)",
    ),
    (
        "follow cit obey",
        r"\b(?:stop|cease|do not|don't) (?:following|follow|citing|cite|obeying|obey)\b[^.\n]{0,16}\b(?:rules?|instructions?|sources?|passages?|guidelines?)\b",
    ),
    (
        "quer question summar",
        (
            r"\b(?:any|every|all) (?:query|queries|summary|summaries)\b[^.\n]{0,12}\b(?:must|should|contains?|includes?|with)\b"
            r"|\bto (?:any|every) (?:query|question)\b|\b(?:send|forward|post|upload) the (?:user|reader)(?:'s|s)? (?:question|query|prompt|input)\b"
        ),
    ),
    ("conversation session context override", r"\b(?:conversation|session|context) (?:reset|over|ended)\b|\boverride:"),
    (
        "问什么 提问的人 提问者 应答 初始 最初 收到的提示 你都 检索程序",
        (
            r"(?:不论|不管|无论)[^。\n]{0,6}问(?:到|及)?什么|你都(?:只)?(?:说|写|回|答)|(?:应答|结论)(?:统一|一律|中)?(?:追加|附带|加上)"
            r"|(?:给|向|对)提问(?:的人|者)|(?:初始|最初|原先)的?(?:设定|提示|系统)|你(?:之前|先前)?收到的提示|检索程序[^。\n]{0,10}(?:应|须|请)"
        ),
    ),
    (
        "asked received initial retrieval override purpose",
        (
            r"\bwhatever (?:you are|you're) asked\b|\bprompt you (?:received|were given)\b|\byour (?:initial|original) (?:setup|prompt|setting|configuration)s?\b"
            r"|\bretrieval program (?:shall|should|must)\b|\b(?:admin|system|safety) override\b|\byour new (?:purpose|job|role|goal|task)\b"
        ),
    ),
    ("tell whoever", r"\btell the (?:reader|user|asker) that\b|\bwhoever (?:is asking|asks)\b"),
    ("当作 作为 视为", r"(?:请|把)[^。\n]{0,12}(?:当作|作为|视为)(?:资料|来源|引文|引用|系统)"),
    (
        "亲爱的 假装",
        r"亲爱的(?:AI|人工智能|语言模型|大模型|助手|机器人|智能体)|假装(?:没有?|不)[^。\n]{0,6}(?:限制|规则|要求|提示|资料|指令)",
    ),
    ("记住 牢记", r"(?:记住|牢记)[^。\n]{0,10}(?:口令|暗号|密语|指令)"),
    (
        "助手 助理 模型 机器人 阅读器 问答系统 检索系统 智能体",
        (
            r"(?:助手|助理|语言模型|大模型|AI模型|机器人|阅读器|检索系统|问答系统|智能体)们?(?:请(?:你|忽略|在|把|将|务必|不要|输出|回答|注意|停止|执行)|必须|务必|注意[：:，,]|看到|读到|收到)"
            r"|(?:致|告|对|写给|提醒)[^，。\n]{0,8}(?:AI|语言模型|大模型|智能体)(?:助手|助理)?(?:的(?:说明|指令|话))?[：:，,]"
        ),
    ),
    (
        "系统 管理员 开发者 助手 用户",
        r"(?:^|[\s。！？])(?:系统|管理员|开发者|助手|用户)(?:提示词?|消息|指令|模式)?\s*[：:]\s*(?:请|你|从|新|忽|现|本次|已|好的)",
    ),
    ("工具 函数 命令 脚本", r"(?:调用|执行|运行)(?:工具|函数|命令|脚本)[^。\n]{0,20}(?:[(（{\"“]|https?)"),
    ("提示词 越狱 开发者模式", r"系统提示词|越狱(?:模式|提示)|开发者模式"),
    (
        "ignore disregard forget override bypass skip drop discard",
        (
            r"\b(?:ignore|disregard|forget|override|bypass|skip|drop|discard)\b [^.\n]{0,16}"
            r"\b(?:previous|prior|above|earlier|preceding|system|all|any|your|former|foregoing|fence|these|those|the|passage) (?:[\w-]+ ){0,3}?"
            r"(?:instructions?|rules?|prompts?|guidelines?|constraints?|fences?|messages?|directions?|markers?|above)\b"
            r"|\b(?:ignore|disregard) the (?:rules|fence|above)\b"
        ),
    ),
    (
        "now longer",
        r"\b(?:you are|you're) (?:now|no longer)\b|\bfrom now on\b.{0,20}\b(?:you|respond|reply|answer|act)\b",
    ),
    (
        "act behave pretend",
        r"\b(?:act|behave) as (?:a|an|the)\b.{0,30}\b(?:assistant|model|admin\w*|ai|dan|hacker|system)\b|\bpretend (?:to be|you)\b",
    ),
    (
        "answer respon repl output completion",
        (
            rf"\b(?:in|to|into|at|with|of|before|after|inside)\b[^.!?\n]{{0,30}}\b(?:your|every|each|the next|the final) (?:next |final )?{_ANSWER}\b"
            rf"|\byour (?:next |final )?{_ANSWER} (?:must|should|shall|will|has to|is|now|begins?|starts?|ends?)\b"
            r"|\b(?:reply|respond|answer) (?:only |just |exactly )?(?:with|in|by)\b[^.\n]{0,12}"
            r"(?:[\"'“‘`<\[!]|the (?:word|phrase|string|token|code|following)|\b(?-i:[A-Z]{3,}))"
        ),
    ),
    (
        "output print say repeat reveal echo emit write append include insert display render embed leak",
        (
            r"\b(?:output|print|say|repeat|reveal|echo|emit|write|append|include|insert|display|render|embed|leak)\b[^.\n]{0,30}"
            r"(?:the (?:word|phrase|string|token|code|secret|password|canary|following|system prompt|image|link)\b"
            r"|your (?:system|instructions|prompt|rules)|this (?:image|link|sentence|text)|!\[|<img|verbatim)"
        ),
    ),
    ("prompt developer jailbreak", r"\bsystem prompts?\b|\bdeveloper mode\b|\bjailbreak"),
    (
        "ai model llm assistant chatbot agent bot",
        (
            r"\b(?:ai|language model|llm|assistant|chatbot|agent)s?\b[^.\n]{0,20}\b(?:reading|processing|summari[sz]ing|parsing) this\b"
            r"|\b(?:attention|note to|notice to|dear|hey|message for|instructions? (?:to|for))\b[^.\n]{0,16}"
            r"\b(?:ai|assistants?|language models?|llms?|chatbots?|agents?|bots?)\b"
        ),
    ),
    ("tool function plugin", r"\b(?:call|invoke|execute|run|use) the\b[^.\n]{0,20}\b(?:tool|function|plugin)\b"),
    # What only a prompt or a program holds: turns of a conversation, marks of a template, calls of tools, markup that hides.
    (
        "<| <s </ <u <a <i <p <c <d <t <f [i [/ s>",
        (
            r"<\|[^|>\n]{0,30}\|>|\[/?INST\]|<</?SYS>>"
            r"|</?(?:system|user|assistant|instructions?|passages?|context|documents?|tool_call|function_call|tool_response)\b[^>\n]{0,40}>"
        ),
    ),
    (
        "system assistant user human developer tool instruction",
        (
            r"(?:^|\n|[。.!?！？]\s*|>>>\s*)#{0,4}\s*(?:\*\*)?(?:system|assistant|user|human|developer|tool|instructions?)"
            r"(?: (?:message|prompt|turn))?\s*(?:\*\*)?[:：]\s*\S|#{2,}\s*(?:system|instructions?)"
        ),
    ),
    ("##", r"#{2,}\s*(?:response|end of|new task|系统|指令|新任务)"),
    ("==", r"={2,}\s*(?:system|user|assistant|passage|question|系统|问题|资料)\s*={2,}"),
    (">>> <<<", r"<{3}\s*[0-9a-f]{6,}|[0-9a-f]{6,}\s*>{3}|(?:^|\s)>{3}(?:\s|$)"),
    ("{{", r"\{\{\s*\w+\s*\}\}"),
    (
        "tool_ function_call arguments name",
        r"[\"'](?:tool_calls?|function_call|tool_use|arguments|tool_name|name)[\"']\s*:\s*[\"{\[]|\b(?:tool_call|function_call|tool_use)\b",
    ),
    ("refuse:", r"\bREFUSE:\s*\w+"),
    (
        "display font-size <script <iframe javascript: data:",
        r"display\s*:\s*none|font-size\s*:\s*0|<script\b|<iframe\b|javascript:|data:text/html",
    ),
)
