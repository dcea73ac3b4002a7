"""Words that are spelled right: none of them is taken for a typo of another word.

Base forms only; inflected forms are known by their stem (`known.py`). The list is ours: the words of everyday
English that students use in answers, and those of machine learning, statistics and calculus.
"""

FUNCTION_WORDS = """
a about above accordingly across actually after again against ago all almost along already also although
always am among an and another any anybody anyhow anyone anything anyway anywhere apart are around as aside
at away back barely basically be because been before behind being below beside besides between beyond both
but by can cannot certainly could definitely despite did do does doing done double down during each early
eight either eleven else enough especially etc even ever every everybody everyone everything everywhere
exactly except far few fewer fifth first five for four fourth from furthermore had half hardly has have
having he hence her here hers herself him himself his how however hundred i if in indeed instead into is it
its itself just last late later least less like likely long mainly many may maybe me meanwhile might million
mine more moreover most mostly much must my myself namely near nearly need neither never nevertheless next
nine no nobody none nonetheless nope nor not nothing now nowhere of off often ok okay on once one ones only
onto oops or other otherwise ought our ours ourselves out over own particularly per perhaps please possibly
pretty probably quarter quite rarely rather really respectively same scarcely second seldom seven several
shall she should simply since six so some somebody somehow someone something sometimes somewhere soon sorry
still such surely ten than that the their theirs them themselves then there therefore these they third this
those though thousand three through throughout thus till to together too toward towards triple twelve twice
two under unless unlike until up upon us usually versus very via wait was we well were what whatever when
whenever where whereas wherever whether which whichever while who whom whose why will with within without
would yeah yes yet you your yours yourself
"""

EVERYDAY_WORDS = """
able absolute accept access accord account accurate achieve act action actual add addition additional address
adjust advance advantage affect afford age agree aim air algorithm allow alone alter alternate alternative
amount analyse analysis analyze angle animal annoy answer app appear apple apply approach appropriate
approximate arbitrary area argue argument arm arrange array arrive art article ask aspect assign assist
associate assume atom attach attempt attention attribute author automatic available average avoid aware bad
bag balance ball band bank bar base basic basis beat beautiful become bed begin behave behavior behaviour
believe belong bend benefit best better big bill binary bind bird bit black blame blank blind block blow blue
blur blurry board boat body bold book border bottle bottleneck bottom bound boundary box brain branch break
bridge brief bright brightness bring broad brown bucket budget bug build building bunch burn bus business
busy button buy cache calculate call camera capable capacity car card care careful carry case cast cat catch
category cause cell cent center central centre certain chain chair challenge chance change channel chaos
chapter character characteristic charge cheap cheat check chess child choice choose circle city claim class
classic clean clear clever climb clip clock close cloud clue coarse code coffee coin cold collect college
color colour column combination combine come comfortable command comment common commonly company compare
comparison compensate complete complex complicate compose compress compute concentrate concept concern
conclude condition confident confirm confuse connect consecutive consequence consider consist consistent
constant constrain constraint construct consume contain content context continue continuous contradict
contrast contribute control convenient convert convince copy core corner correct correlate correspond corrupt
cost count counter country couple course court cover crash crazy create critical crop cross crowd cube
current curve custom cut cutout cycle daily damage danger dark darken darkness data date day daytime dead
deal death debt decade decide decision deck declare decrease deep deeper default defect define definite
definition degree delay delete deliver demand dense depend dependent depict depth derive describe description
design desire destroy detail detect determine develop deviate device devote diagonal diagram die differ
difference different difficult dig digit digital dim dimension direct direction director dirty disable
disadvantage disagree disappear discard discover discrete discuss disease disk display distance distinct
distinguish distort distribute divide document dog door dot doubt download draw drawback drift drive driver
drop dry due duplicate dusk dust duty dynamic eager ear earth ease east easy eat economy edge edit education
effect efficient effort egg elder element eliminate embed emphasis employ empty enable encode encounter
encourage end endless enemy energy enhance enjoy enlarge enormous ensure enter entire entirely entity entry
environment equal equip equivalent error escape essential establish estimate evaluate evaluation evening
event eventual evidence evident exact examine example exceed excellent exchange exclude excuse execute
exercise exist exit expand expect expensive experience experiment expert explain explicit explode exploit
explore explosion exponent exponential express expression extend extension extent extra extract extreme eye
face facilitate fact factor fail failure fair fall false familiar family famous farm fast faster fat father
fault favor feasible feature feed feel field fight figure file fill film filter final find fine finger finish
finite fire fish fit fix flat flatten flexible flight flip float flood floor flow fly focus fog fold folder
follow food fool foot force forecast foreign forest forever forget form formal format former formula forth
fortune forward foundation fraction fragment frame free freedom freeze frequency frequent fresh friend
friendly front fulfil full fully fun function fundamental funny future gain game gap garden gas gate gather
general generate gentle genuine get giant gift girl give glad glass global goal god gold good govern grade
gradual grain graph grass gray grayscale great green grey grid ground group grow growth guarantee guard guess
guide gun guy habit hair hall hand handle hang happen happy hard hardware harm hat hate head health hear
heart heat heavy height help hidden hide hierarchy high highway hill hint hire history hit hold hole home
honest hope horizontal horse hospital host hot hotel hour house hover huge human hurt ice idea ideal
identical identify identity ignore ill illustrate image imagine imitate immediate impact implement implicit
imply import important impose impossible impractical impression improve include incomplete inconsistent
incorrect increase incremental independent index indicate indicator indirect individual inefficient
infeasible infer infinite infinity influence inform information inhibit initial inner input insert inside
inspect instance instant institute instruct insufficient integer integral intend intense interact interest
intermediate internal internet interpolate interpret interval introduce intuition intuitive invalid invent
inverse invert invest investigate involve iron irregular irrelevant island isolate issue item iterate job
join joint journey judge jump keep key kick kid kill kind king kitchen know knowledge label lack lady lake
land landscape language lap laptop large largely latter laugh launch law lay lazy lead leaf lean learn leave
lecture left leg legal length lens let letter level liberty library lie life lift light lighter limit
limitation line linear link lip list listen literature little live load loan local locate location lock log
logic logical look loop loose lose loss lot loud love low lower luck machine magic magnitude mail main
maintain major majority make male man manage manipulate manner manual map march mark market mask mass massive
master match mate material math mathematical matrix matter maximal maximum mean meaning meaningful means
measure mechanic mechanism medical medium meet member memory mental mention mere merge mess message metal
method middle mild mind minimal minimum minor minority minus minute mirror misclassify mislead miss mistake
mix mixture mobile mode moderate modern modify moment money monitor month mood moon morning mother motion
motivate mountain mouth move movement movie multiple multiply music mutual naive name narrow nation native
natural nature neat necessary neck negative neighbor neighborhood neighbour nervous net neutral new news nice
night nighttime node noise noisy normal north nose notation note notebook notice notion novel number numeric
numerical object objective observe obstacle obtain obvious occlude occur ocean odd offer office offset old
omit online onwards open operate operation opinion opposite optimal optimise optimize option order ordinary
organ orient orientation origin original orthogonal oscillate outcome outlier outlook output outside overall
overcome overlap pace pack package page pain paint pair panel paper parabola parallel parent park part
partial participant particle particular partition partly partner party pass past patch path patience pattern
pause pay peak pedestrian pen people percent percentage perfect perform performance period permanent permit
permutation permute person perspective phase phenomenon phone photo photograph phrase physical pick picture
piece pile pilot pixel place plain plan plane plant plate plateau platform play player plenty plot plus point
policy pool poor popular portion position positive possess possibility possible post potential power powerful
practical practice praise precede precise predefined predict prefer preliminary prepare preprocess presence
present preserve press pressure pretend prevent previous price primary principle print prior privilege
probability problem procedure proceed process produce product professional profit program progress project
prominent promise promising proof proper property proportion propose protect prove provide public pull pupil
pure purpose push put puzzle quadratic qualitative quality quantity question quick quiet race radical radius
rain raise ramp random randomly range rank rapid rare raster rate ratio raw ray reach react reaction read
ready real realise reality realize reappear reason reasonable receive recent recognise recognize recommend
record recover rectangle recur red redo reduce redundant refer reference refine reflect refuse regard region
register regular relate relation relative relax relevant reliable rely remain remap remainder remark remedy
remember remind remote remove render repair repeat repeated replace replicate report represent representative
reproduce request require research resemble reserve reset reside residual resist resize resolution resolve
resource respect respond response responsible rest restore restrict result retain rethink return reuse reveal
reverse revert review revise reward rewrite rich rid ride right rigid ring rise risk river road robust role
roll roof room root rotate rotation rough round row rubbish rule run rush sacrifice saddle safe sake sample
sand satisfy saturate save say scale scan scenario scene schedule scheme school science scope score scratch
screen script sea search season seat secret section secure see seek seem segment select self sell send sense
sensible sensitive sentence separate sequence sequential series serious serve service session set setting
settle severe shade shadow shake shallow shape share sharp sharpen shear sheet shelf shift ship shock shoot
shop short shorten shot shoulder show shrink shuffle shut side sight sign signal significant silent similar
simple simplify simulate simultaneous single sink sit site situation size skill skin skip slice slide slight
slope slow slowly small smart smell smile smooth snap snapshot snow social soft software soil solution solve
sort sound source south space span spare sparse spatial speak special specific specify speed spend split
spoil sport spot spread spring sprinkle square squash stable stack staff stage stand standard star start state static
stationary statistic stay steady steal steep step stick stochastic stock stone stop storage store storm story
straight straightforward strange strategy stratify stream street strength stress stretch strict stride strike
string stripe strong structure struggle stuck student studio study stuff stupid style subject submit
subsequent subset substance substitute subtle subtract success successful succession successive sudden suffer
suffice sufficient suggest suit suitable sum summary summer sun superior supply support suppose suppress
surface surprise surround survive suspect swap sweep sweet swim swing switch symbol symmetric symmetry
synthesise synthesize synthetic system table tackle tail take talk tall tangent tank target task taste tax
teach team tear technical technique technology telephone tell temperature temporary tend tendency term
terrible test text thank theoretical theory thick thin thing think thorough thought threshold throw tie tight
tile tilt time tiny tip tired title tomorrow tone tool top topic total touch tough tour town toy trace track
trade traffic transfer transform transformed transition translate transmit transport travel traverse treat
tree trial trick trigger trivial trouble true truly trust truth try tune turn twist type typical ugly unable
unbalanced uncertain unchanged unclear understand undo unfair unfortunate uniform union unique unit universal
universe unknown unlabeled unlabelled unlikely unnecessary unreliable unseen unstable unsuitable unusual
update upper upward usage use useful useless user usual utilise utilize vague valid valley valuable value
vanish variable variant variation variety various vary vast vector vehicle verify version vertical vice video
view village violate visible vision visit visual voice volume vote walk wall want war warm warn wash waste
watch water wave way weak weather web website week weigh weight weird west wheel white whole wide width wild
win wind window winter wipe wire wise wish woman wonder wood word work world worry worse worst worth wrap
write wrong year yellow yesterday yield young zero zone zoom
"""

FIELD_WORDS = """
accuracy activate activation adagrad adam adversarial affine agent alexnet alignment alpha annotate
approximation approximator argmax arxiv asymptote atari auc augment augmentation autoencoder backprop
backpropagate backpropagation backward bagging bandwidth baseline batch batchnorm bayes bayesian bernoulli
beta bfgs bias bilinear binarize blurring boolean boosting bootstrap bptt broadcast cancel cascade
categorical cauchy centroid checkpoint cifar classification classifier classify cluster cnn coefficient
colinear concatenate concave conditional confusion conjugate connected converge convergence convex
convolution convolutional convolve correlation covariance covariate cpu criterion crossentropy
crossvalidation curvature cutmix dataloader dataset decode decoder decompose decomposition deconvolution
deepmind delta denoise denominator density derivative descent detector determinant deterministic deviation
diagonalize differentiable differentiate differentiation diffusion dilate dilated disjoint diverge divergence
domain downsample downsampling downstream dqn dropout dynamics eigen eigendecomposition eigenvalue
eigenvector elu embedding empirical encoder ensemble entropy epoch epsilon equation equivariance equivariant
erode euclidean exponentially extrapolate fan finetune finetuning focal fourier framework frobenius gamma gan
gaussian gelu generalise generalization generalize google gpu gpus gradient greedy gridsearch gru heaviside
hessian heuristic histogram holdout homogeneous hyperbolic hyperparameter hyperparameters hypothesis
identically iid imagenet imbalance imbalanced imputation inception indefinite inference initialise
initialization initialize instability interpolation intractable invariance invariant inversion invertible
iphone iteration iterative jacobian jitter kaiming kappa keras kernel knn kurtosis lambda laplace laplacian
lasso latent layer layerwise lbfgs leakage leaky learnable learner likelihood linearity linearly logarithm
logistic logit lookup lstm mae manifold marginal markov matrices maxima maxout maxpool maxpooling median
minibatch minima misclassification mismatch mixup mlp mnist momentum mse multiclass multilayer multiplication
multiplicative munich nabla nesterov network neural neuron nonlinear nonlinearity norm normalise
normalization normalize numerator numpy omega onehot opencv operand operator optimality optimisation
optimiser optimization optimizer optimum orthonormal outperform overfit overfitting oversample oversampling
pad padding parameter parameterize parametric pca penalize penalty pepper perceptron perturb perturbation phi
pixelwise pointwise polynomial pooling posterior precision prediction prelu preprocessing pretrain pretrained
pretraining probabilistic propagate propagation prune pytorch qlearning quantile quantize quasi radial ram
recall reconstruct reconstruction rectified rectifier rectify recurrence recurrent recursion recursive
regression regressor regularise regularization regularize regularizer reinforcement relu representation
resample resnet reweight reweighting rho rmsprop rnn robustness roc runtime saliency salt sampler sampling
saturated saturation scalar segmentation selu semantic sgd shortcut sigma sigmoid singular smartphone softmax
softplus sparsity spectral squared squashing stationarity stochasticity subgradient subsample subsampling
subspace supervise supervised supervision surrogate svm swish tangens tanh tau tensor tensorflow testset
theta timestep tokenize topology tractable train trainable trainset trajectory transductive transformation
transformer translation transpose transposed truncate unbalance unbiased unbounded uncertainty underfit
underfitting undersample undersampling unet unfold uniformly unpool unpooling unroll unsupervised untrained
upconvolution upsample upsampling upstream validate validation vanilla variance variational vectorize
velocity vertex vertices vgg werbung xavier xor
"""

GERMAN_WORDS = """
aber alle als andere anderen auch auf aus bei beide dabei dadurch damit danach dann darf das dass dem den der
des deshalb deswegen doch durch ein eine einem einen einer eines fuer für ganz gegen genau gleich gleiche
haben im immer ist ja jede jeder jedes kann kein keine keinem keinen keiner koennen können mehr mit muss
müssen nach nein neue neuen nicht nichts nie niemals noch nur oder oft ohne schon sehr sind soll sollen sonst
ueber um und unter viele vom von vor waren weder weil wenig wenige weniger wenn werden wie wird wurde zu
zuerst zum zur über
"""
